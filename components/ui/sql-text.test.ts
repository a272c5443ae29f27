import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { SqlText } from "./code-block";

describe("SQL as it is drawn", () => {
  it("spells out what would turn its reading order round, hide a part of it or end a comment unseen", () => {
    const drawn = renderToStaticMarkup(
      createElement(SqlText, { sql: "SELECT 'a\u202e' /* \u200b */ -- x\r\nFROM t -- y\rFROM u" }),
    );
    expect(drawn.replace(/<[^>]*>/g, "").replaceAll("&#x27;", "'")).toBe(
      "SELECT 'a⟨U+202E⟩' /* ⟨U+200B⟩ */ -- x\r\nFROM t -- y⟨U+000D⟩FROM u",
    );
  });

  it("takes two dashes for a comment only before white space, as servers do", () => {
    const drawn = renderToStaticMarkup(createElement(SqlText, { sql: "SELECT 5--1 -- one" }));
    expect(drawn).toContain(">5</span>--<");
    expect(drawn).toContain(">-- one</span>");
  });
});

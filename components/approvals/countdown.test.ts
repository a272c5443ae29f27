import { expect, it } from "vitest";
import { timeLeft } from "./countdown";

it.each([
  [-5, "0:00"],
  [1, "0:01"],
  [42_000, "0:42"],
  [725_000, "12:05"],
  [11_400_000, "3 h 10 min"],
  [187_200_000, "2 d 4 h"],
])("%i ms left are shown as %s", (ms, text) => expect(timeLeft(ms)).toBe(text));

import { describe, expect, it } from "vitest";
import { sampleReplay, sampleStatement } from "@/lib/recordings/timeline/sample-statements";
import { Player } from "./player";

const second = 1_000_000;
const statements = [0, 1, 2].map((at) => sampleStatement(at + 1, at * second));
const replay = sampleReplay(statements, 60 * second);

describe("a player", () => {
  it("moves on with the watcher's time and the speed, and stops at the end", () => {
    const player = new Player(replay, null);
    player.tick(500);
    expect(player.state().us).toBe(0);
    player.play();
    player.tick(500);
    expect(player.state()).toMatchObject({ us: second / 2, index: 0 });
    player.setSpeed(4);
    player.tick(250);
    expect(player.state()).toMatchObject({ us: 1.5 * second, index: 1 });
    player.tick(60_000);
    expect(player.state()).toMatchObject({ us: 60 * second, index: 2, playing: false });
  });

  it("begins again when it is started at the end", () => {
    const player = new Player(replay, { us: 60 * second, index: 2 });
    player.play();
    expect(player.state()).toMatchObject({ us: 0, playing: true });
  });

  it("steps to where the answer is complete, even when the next statement had arrived by then", () => {
    const piped = [sampleStatement(1, 0, { durationUs: 900 }), sampleStatement(2, 100, { durationUs: 1000 })];
    const player = new Player(sampleReplay(piped, second), null);
    player.show(0);
    expect(player.state()).toMatchObject({ us: 900, index: 0 });
    player.step(1);
    expect(player.state()).toMatchObject({ us: 1100, index: 1 });
    player.step(10);
    expect(player.state().index).toBe(1);
    player.step(-10);
    expect(player.state().index).toBe(0);
  });

  it("keeps its place when folding is switched", () => {
    const player = new Player(replay, { us: 30 * second, index: 2 });
    const { playedEndUs } = player.state().clock;
    player.toggleFolding();
    expect(player.state()).toMatchObject({ us: 30 * second, index: 2, folded: false });
    expect(player.state().clock.playedEndUs).toBeGreaterThan(playedEndUs);
  });

  it("follows a live session until it is moved, and again when asked to", () => {
    const live = sampleReplay(statements, 3 * second, true);
    const player = new Player(live, null);
    expect(player.state()).toMatchObject({ us: 3 * second, index: 2, following: true });
    const later = sampleReplay([...statements, sampleStatement(4, 3.5 * second)], 4 * second, true);
    player.setReplay(later);
    expect(player.state()).toMatchObject({ us: 4 * second, index: 3, following: true });
    player.step(-1);
    player.setReplay(sampleReplay(later.statements, 9 * second, true));
    expect(player.state()).toMatchObject({ index: 2, following: false });
    player.follow();
    expect(player.state()).toMatchObject({ us: 9 * second, index: 3, following: true });
  });

  it("stops following when the session has ended, at its end", () => {
    const player = new Player(sampleReplay(statements, 3 * second, true), null);
    player.setReplay(sampleReplay(statements, 5 * second, false));
    expect(player.state()).toMatchObject({ us: 5 * second, following: false });
  });

  it("opens a live session where its link says", () => {
    const player = new Player(sampleReplay(statements, 3 * second, true), { us: 10, index: 0 });
    expect(player.state()).toMatchObject({ us: 10, following: false });
  });

  it("keeps showing its statement where one comes in before it", () => {
    const live = sampleReplay([sampleStatement(1, 0), sampleStatement(3, 2 * second)], 3 * second, true);
    const player = new Player(live, { us: 2 * second, index: 1 });
    player.setReplay(
      sampleReplay(
        [1, 2, 3].map((one) => sampleStatement(one, one * second)),
        4 * second,
        true,
      ),
    );
    expect(player.state()).toMatchObject({ us: 2 * second, index: 2 });
  });
});

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe finds serious or critical on the page as it is, as one line each. Throws on a page with frames: it would not look into them. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (page.frames().length > 1) throw new Error(`${page.url()} has frames, which this way of running axe leaves out`);
  // In the page itself and of violations only: the same rules, but for frames of other origins, in less than half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${new URL(page.url()).pathname}: ${id}: ${node.html.slice(0, 200)}`),
    );
}

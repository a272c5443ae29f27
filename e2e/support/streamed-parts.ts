import { type BrowserContext, expect } from "@playwright/test";

/**
 * Lets every page of the context arrive whole: React streams parts of a document hidden, at its end, and moves each
 * into its place up to 2.3 s after it came (`$RC` and `$RV` in react-dom's stream). Where the page's own code has drawn
 * the part meanwhile, its text stands in the document twice.
 */
export function awaitStreamedParts(context: BrowserContext): void {
  context.on("page", (page) => {
    const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
    const inPlace = () => expect(page.locator('[hidden][id^="S:"]')).toHaveCount(0);
    page.goto = async (...asked) => {
      const answer = await goto(...asked);
      await inPlace();
      return answer;
    };
    page.reload = async (...asked) => {
      const answer = await reload(...asked);
      await inPlace();
      return answer;
    };
  });
}

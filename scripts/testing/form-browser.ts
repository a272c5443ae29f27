/** As much of a browser as the sign-in pages need: cookies, redirects, and forms submitted as they stand. */
export class FormBrowser {
  readonly #cookies = new Map<string, string>();
  /** Where the last page came from. */
  url = "";
  /** The last page's text. */
  text = "";
  status = 0;

  /** Opens a page and follows redirects, but never to an origin that `stopAt` names: then `url` is where it would have gone. */
  async open(url: string, init: RequestInit = {}, stopAt: readonly string[] = []): Promise<void> {
    let target = url;
    let request: RequestInit = init;
    for (let hop = 0; hop < 15; hop++) {
      this.url = target;
      if (stopAt.includes(new URL(target).origin)) {
        return;
      }
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(target, {
        ...request,
        redirect: "manual",
        headers: { ...request.headers, cookie },
      });
      this.#keep(response);
      this.status = response.status;
      this.text = await response.text();
      const location = response.headers.get("location");
      if (location === null) {
        return;
      }
      target = new URL(location, target).href;
      request = {};
    }
    throw new Error(`too many redirects, the last to ${target}`);
  }

  /** Submits a form of the page with its hidden fields and the given ones; the first whose action or id matches. */
  async submit(
    which: RegExp,
    fields: Readonly<Record<string, string>> = {},
    stopAt: readonly string[] = [],
  ): Promise<void> {
    const form = [...this.text.matchAll(/<form[^>]*>[\s\S]*?<\/form>/g)].map(String).find((one) => which.test(one));
    const action = /action="([^"]+)"/.exec(form ?? "")?.[1];
    if (form === undefined || action === undefined) {
      throw new Error(`${this.url} has no form that matches ${which}:\n${this.text}`);
    }
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]): [string, string] => [name, value],
    );
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
    await this.open(new URL(action, this.url).href, { method: "POST", body }, stopAt);
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const split = pair.indexOf("=");
      const [name, value] = [pair.slice(0, split), pair.slice(split + 1)];
      if (value === "") {
        this.#cookies.delete(name);
      } else {
        this.#cookies.set(name, value);
      }
    }
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnalysisTools } from "@/lib/analyses/analyst";
import { newId } from "@/lib/ids";
import { type SelfTestInput, type SelfTestResult, selfTestInput } from "@/lib/self-test/model";
import { grantFor } from "@/proxy/login/login";
import { type SelfTestParts, selfTestAnalyst } from "@/proxy/self-test/attack-policy";
import type { TestStore } from "./store";
import type { GatewayUnderTest } from "./wire-gateway";

export interface SelfTestRig {
  /** Where sockets are made. */
  readonly folder: string;
  readonly parts: SelfTestParts;
  run(input?: Partial<SelfTestInput>, tools?: Partial<AnalysisTools>): Promise<SelfTestResult>;
  remove(): void;
}

/** Self-tests by a gateway on a listener of its own, with the identities of a real store. */
export function selfTestRig(
  gateway: GatewayUnderTest,
  store: TestStore,
  changes: Partial<SelfTestParts> = {},
): SelfTestRig {
  const folder = mkdtempSync(join(tmpdir(), "sp-"));
  const parts: SelfTestParts = {
    accept: gateway.accept,
    folder,
    gateway: { id: newId(), name: "gateway under test", version: "test" },
    snapshot: () => gateway.snapshot(),
    catalogues: gateway.catalogues,
    tokens: gateway.tokens,
    grant: (identity, connection, facts) => {
      const { password } = gateway.settings.upstream;
      return grantFor(identity, connection, facts, {
        openCredential: () => password,
        openRestrictedCredential: () => gateway.settings.restricted?.password ?? password,
      });
    },
    ...changes,
  };
  const quiet: AnalysisTools = { signal: new AbortController().signal, progress: () => undefined };
  return {
    folder,
    parts,
    run: async (input = {}, tools = {}) => {
      const task = { id: newId(), startedBy: "Ada Admin" };
      const asked = selfTestInput.parse({ connection: "shop", ...input });
      const result = await selfTestAnalyst(parts).run(store.db, asked, { ...quiet, ...tools }, task);
      return result as SelfTestResult;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

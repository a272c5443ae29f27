import type { EnforcementMode } from "@/lib/connections/model";
import type { MaskScope } from "@/lib/masking/decide";
import type { Mask } from "@/lib/masking/mask";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks } from "@/lib/masking/mask-set";
import type { BindingFacts } from "@/lib/policy/binding";
import { compilePolicies, type PolicySet } from "@/lib/policy/compile";
import type { Policy } from "@/lib/policy/rule";
import { understandTemplate } from "@/lib/policy/understand-template";
import type { Catalogue } from "@/lib/sql/catalogue";

/** All that attacks are made from: what one identity meets on one connection now. */
export interface AttackedWorld {
  readonly catalogue: Catalogue;
  readonly masks: readonly Mask[];
  /** Those that hold for the identity, in their order. */
  readonly policies: readonly Policy[];
  readonly set: PolicySet;
  readonly scope: MaskScope | null;
  readonly identity: BindingFacts;
  /** The connection's default schema, which the test's sessions have. */
  readonly schema: string | null;
  readonly mode: EnforcementMode;
}

export function attackedWorld(given: Omit<AttackedWorld, "set" | "scope">): AttackedWorld {
  const { catalogue, masks, policies, identity, schema } = given;
  const context = { dialect: catalogue.snapshot.flavour, catalogue, defaultSchema: schema, pipesAsConcat: false };
  return {
    ...given,
    set: compilePolicies(policies, (template) => understandTemplate(template, context)),
    scope: maskScope(compileMasks(masks, identity.groups), catalogue),
  };
}

import { impactAnalyst } from "@/lib/impact/analyst";
import { learnAnalyst } from "@/lib/learning/learn";
import { unusedAnalyst } from "@/lib/unused/analyst";
import type { Analyst } from "./analyst";

/** What consoles do; self-tests are the gateways'. */
export const CONSOLE_ANALYSTS: readonly Analyst[] = [impactAnalyst, learnAnalyst, unusedAnalyst];

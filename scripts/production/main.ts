import { join } from "node:path";
import { type EnvGroup, env } from "@/lib/config/env";
import { migrate } from "@/lib/db/migrate";
import { type FieldProblem, SallyportError } from "@/lib/errors/error";

/** What each process needs of the environment. */
const NEEDS: Readonly<Record<"gateway" | "console", readonly EnvGroup[]>> = {
  gateway: ["store", "secrets", "oidc", "gateway", "process"],
  console: ["store", "secrets", "oidc", "console", "process"],
};

/** Checks the environment of the processes named as arguments (all, when none is) and brings the store to the newest schema. */
async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const groups = new Set(
    Object.entries(NEEDS).flatMap(([name, needs]) => (wanted.length === 0 || wanted.includes(name) ? needs : [])),
  );
  const problems = [...groups].flatMap(problemsOf);
  if (problems.length > 0) {
    const lines = [...new Set(problems.map((problem) => `  ${problem.path} ${problem.message}`))];
    throw new SallyportError("INVALID_CONFIG", `The environment is not complete:\n${lines.join("\n")}`);
  }
  await migrate(env("store").DATABASE_URL, join(process.cwd(), "drizzle"));
}

function problemsOf(group: EnvGroup): readonly FieldProblem[] {
  try {
    env(group);
    return [];
  } catch (error) {
    if (error instanceof SallyportError) {
      return error.problems;
    }
    throw error;
  }
}

main().catch((error: unknown) => {
  const message =
    error instanceof SallyportError ? error.message : `The store could not be migrated: ${reasonOf(error)}`;
  console.error(message);
  process.exitCode = error instanceof SallyportError ? error.exitCode : 1;
});

/** The driver's reason, e.g. "connect ECONNREFUSED 10.0.0.5:3306"; drizzle's own message would hold SQL. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

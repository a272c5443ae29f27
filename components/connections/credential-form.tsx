"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/auth/console-action";
import { RESTRICTED_STEPS } from "@/lib/connections/test/steps";
import { TestSteps } from "./test-steps";
import { useConnectionTest } from "./use-connection-test";

/** Replaces the stored password. The new one is tested against the server first, unless the person insists. */
export function CredentialForm({
  connection,
  account = "main",
  rotate,
}: {
  /** Which of the connection's accounts `connection.user` is. */
  readonly account?: "main" | "restricted";
  readonly connection: { readonly id: string; readonly name: string; readonly user: string };
  readonly rotate: (input: {
    id: string;
    password: string;
    account?: "main" | "restricted";
  }) => Promise<ActionResult<{ version: number }>>;
}) {
  const router = useRouter();
  const [password, setPassword] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const main = account === "main";
  const test = useConnectionTest(main ? undefined : `/api/connections/${connection.id}/restricted/test`);
  const failed = test.state.error !== null || test.state.results.some((one) => one.status === "failed");

  async function store() {
    setPending(true);
    setError(null);
    const result = await rotate({ id: connection.id, password, account });
    setPending(false);
    if (result.ok) {
      setPassword("");
      test.reset();
      toast.success("Password replaced", "New sessions log in with it; open ones go on");
      router.refresh();
    } else {
      setError(errorText(result.error));
    }
  }

  async function testThenStore() {
    if (await test.start(main ? { connectionId: connection.id, password } : { password })) await store();
  }

  return (
    <Card
      title={main ? "Replace the password" : "Replace the restricted account's password"}
      description={`Of the account ${connection.user} at the database. Change it there first.`}
    >
      <form
        className="flex max-w-lg flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void testThenStore();
        }}
      >
        <Field label={main ? "New password" : "New password of the restricted account"} error={error}>
          <Input
            type="password"
            value={password}
            autoComplete="new-password"
            onChange={(event) => {
              setPassword(event.target.value);
              test.reset();
            }}
          />
        </Field>
        <TestSteps state={test.state} {...(main ? {} : { steps: RESTRICTED_STEPS })} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" disabled={password === ""} pending={test.state.running || pending}>
            Test and store
          </Button>
          {failed && !test.state.running ? (
            <Button onClick={() => void store()} pending={pending}>
              Store anyway
            </Button>
          ) : null}
        </div>
      </form>
    </Card>
  );
}

"use client";

import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { CodeBlock } from "@/components/ui/code-block";
import { Field, InlineField } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ComparedAccount } from "@/lib/connections/account/compare";
import { minimalScript } from "@/lib/connections/account/script";
import type { Dialect } from "@/lib/sql/token";

const MODES = [
  { value: "change", label: "Change this account", hint: "REVOKE what is too much, GRANT what is missing" },
  { value: "new", label: "A new account", hint: "CREATE USER and GRANT; the stored account stays as it is" },
] as const;
const FLAVOURS = [
  { value: "mysql", label: "MySQL 8 and 9" },
  { value: "mariadb", label: "MariaDB" },
] as const;
const CONTROL = /\p{Cc}/u;

/** The script to review and run elsewhere: the console never runs it. */
export function ScriptCard({ connection, result }: { readonly connection: string; readonly result: ComparedAccount }) {
  const { account, server } = result;
  const [mode, setMode] = useState<"new" | "change">("change");
  const [flavour, setFlavour] = useState<Dialect>(server.flavour);
  const [user, setUser] = useState(`${account.user}_minimal`.slice(0, 32));
  const [host, setHost] = useState(account.host);
  const [rareForms, setRareForms] = useState(true);
  const problem =
    mode === "new" && (user === "" || host === "" || CONTROL.test(user + host))
      ? "The new account needs a name and a host"
      : null;
  const script = useMemo(
    () =>
      problem !== null
        ? null
        : minimalScript({
            need: result.needs[flavour],
            grants: result.grants,
            flavour,
            account: mode === "new" ? { user, host } : account,
            mode,
            rareForms,
            requireTls: result.requireTls,
            madeFrom: { connection, policies: result.policies, revision: result.revision, at: result.at },
          }),
    [result, connection, account, flavour, mode, user, host, rareForms, problem],
  );
  return (
    <Card
      title="Script"
      description="To review and run as an administrator of the database. Sallyport never runs it."
      actions={
        script === null ? null : (
          <Button size="sm" onClick={() => download(`${connection}-account.sql`, script)}>
            <Download aria-hidden />
            Download
          </Button>
        )
      }
    >
      <div className="flex min-w-0 flex-col gap-4">
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
          <Field label="For">
            <Select options={MODES} value={mode} onValueChange={setMode} aria-label="For" />
          </Field>
          <Field label="Server">
            <Select options={FLAVOURS} value={flavour} onValueChange={setFlavour} aria-label="Server" />
          </Field>
          {mode === "new" ? (
            <>
              <Field label="New user">
                <Input
                  value={user}
                  maxLength={80}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setUser(event.target.value)}
                />
              </Field>
              <Field label="Host of the account">
                <Input
                  value={host}
                  maxLength={255}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setHost(event.target.value)}
                />
              </Field>
            </>
          ) : null}
        </div>
        <InlineField
          label="Rarer forms too"
          description="CREATE OR REPLACE needs DROP, ALTER TABLE ... RENAME needs CREATE, INSERT and DROP. Without them the account is tighter, and such statements fail at the database."
        >
          <Checkbox checked={rareForms} onCheckedChange={setRareForms} />
        </InlineField>
        {problem === null ? null : (
          <p role="alert" className="text-danger text-sm">
            {problem}.
          </p>
        )}
        {script === null ? null : <CodeBlock code={script} language="sql" label="Script of the account" />}
      </div>
    </Card>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/sql" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

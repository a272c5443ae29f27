import { AgentConnect } from "@/components/connect/agent-connect";
import { AccountTab } from "@/components/connections/account/account-tab";
import { ActivityList } from "@/components/connections/activity-list";
import { CredentialForm } from "@/components/connections/credential-form";
import { DeleteConnection } from "@/components/connections/delete-connection";
import { PolicyEditor } from "@/components/connections/policy-editor";
import { SchemaBrowser } from "@/components/connections/schema/schema-browser";
import { SettingsForm } from "@/components/connections/settings-form";
import { SelfTestPage } from "@/components/self-test/self-test-page";
import { SessionTable } from "@/components/sessions/session-table";
import { Card, Facts } from "@/components/ui/card";
import { CursorPagination } from "@/components/ui/cursor-pagination";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { readSchemaTree } from "@/lib/catalogue/browse";
import { agentFacts } from "@/lib/connections/agent-facts";
import type { ConnectionDetail } from "@/lib/connections/get-connection";
import { connectionActivity } from "@/lib/connections/recent-activity";
import { editableOf } from "@/lib/connections/update-connection";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { widensUnseen } from "@/lib/impact/widens-unseen";
import { listPolicies } from "@/lib/policy/list-policies";
import { suggestBindings } from "@/lib/policy/suggest-bindings";
import { getSelfTest, listSelfTests } from "@/lib/self-test/read-self-tests";
import { suggestAttacked } from "@/lib/self-test/suggest-attacked";
import { listSessions } from "@/lib/sessions/list";
import {
  createPolicyAction,
  removeConnectionAction,
  removePolicyAction,
  rotateCredentialAction,
  updateConnectionAction,
  updatePolicyAction,
} from "../actions";
import type { ConnectionTab } from "./tabs";

interface TabProps {
  readonly ctx: ConsoleCtx;
  readonly connection: ConnectionDetail;
  readonly params: RawParams;
}

/** The chosen part of a connection's page. The page has checked that this person may see it; the verbs check again. */
export async function TabContent({ tab, ...props }: TabProps & { readonly tab: ConnectionTab }) {
  switch (tab) {
    case "connect":
      return <AgentConnect facts={await agentFacts(props.ctx)} fixed={props.connection.name} now={Date.now()} />;
    case "schema":
      return <Schema {...props} />;
    case "access":
      return <Access {...props} />;
    case "self-test":
      return <SelfTest {...props} />;
    case "settings":
      return <Settings {...props} />;
    case "credential":
      return <Credential {...props} />;
    case "account":
      return <AccountTab connection={{ id: props.connection.id, name: props.connection.name }} />;
    case "sessions":
      return <Sessions {...props} />;
    case "activity":
      return <Activity {...props} />;
    case "danger":
      return <Danger {...props} />;
    default: {
      const never: never = tab;
      throw new Error(`unknown tab ${String(never)}`);
    }
  }
}

async function Schema({ ctx, connection }: TabProps) {
  return (
    <SchemaBrowser
      connection={{ id: connection.id, name: connection.name }}
      tree={await readSchemaTree(ctx, connection.id)}
    />
  );
}

async function Access({ ctx, connection }: TabProps) {
  const edits = may(ctx.actor.roles, "policies:edit");
  const [policies, suggestions] = await Promise.all([
    listPolicies(ctx, connection.id),
    edits ? suggestBindings(ctx) : [],
  ]);
  return (
    <div className="max-w-3xl">
      <PolicyEditor
        connection={{ id: connection.id, name: connection.name }}
        policies={policies}
        suggestions={suggestions}
        actions={edits ? { create: createPolicyAction, update: updatePolicyAction, remove: removePolicyAction } : null}
      />
    </div>
  );
}

async function SelfTest({ ctx, connection, params }: TabProps) {
  const runs = may(ctx.actor.roles, "analyses:run");
  const [list, { first, seen }, suggestions] = await Promise.all([
    listSelfTests(ctx, connection.name),
    runs ? suggestAttacked(ctx, connection) : { first: null, seen: [] },
    runs ? suggestBindings(ctx) : [],
  ]);
  const chosen = list.find((one) => one.id === params.run) ?? list.find((one) => one.state === "done");
  return (
    <SelfTestPage
      connection={connection.name}
      list={list}
      report={chosen?.state === "done" ? await getSelfTest(ctx, chosen.id) : null}
      chosen={chosen?.id ?? null}
      first={first}
      seen={seen}
      suggestions={suggestions}
      runs={runs}
      exports={may(ctx.actor.roles, "records:export")}
    />
  );
}

async function Settings({ ctx, connection }: TabProps) {
  return (
    <SettingsForm
      id={connection.id}
      version={connection.version}
      fields={editableOf(connection)}
      restrictedUser={connection.restrictedUser}
      asksUnseen={await widensUnseen(ctx.db, connection)}
      update={updateConnectionAction}
    />
  );
}

function Credential({ connection }: TabProps) {
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <Card title="Stored password">
        <Facts
          items={[
            { key: "user", name: "Account", value: `${connection.user} at ${connection.host}:${connection.port}` },
            { key: "password", name: "Password", value: "Stored encrypted. It is never shown, not to anyone." },
            {
              key: "changed",
              name: connection.credentialChangedBy === null ? "Stored" : "Last changed",
              value: (
                <>
                  <Time value={connection.credentialChangedAt} mode="both" />
                  {connection.credentialChangedBy === null
                    ? " when the connection was created"
                    : ` by ${connection.credentialChangedBy}`}
                </>
              ),
            },
          ]}
        />
      </Card>
      <CredentialForm connection={connection} rotate={rotateCredentialAction} />
      {connection.restrictedUser === null ? null : (
        <CredentialForm
          account="restricted"
          connection={{ ...connection, user: connection.restrictedUser }}
          rotate={rotateCredentialAction}
        />
      )}
    </div>
  );
}

async function Sessions({ ctx, connection, params }: TabProps) {
  const page = await listSessions(ctx, { filter: { connection: connection.name }, cursor: cursorOf(params) });
  return (
    <SessionTable
      rows={page.rows}
      next={page.next}
      previous={page.previous}
      newerThan={null}
      empty={
        <EmptyState kind="first-use" title="No session yet">
          Nobody has logged in through this connection.
        </EmptyState>
      }
    />
  );
}

async function Activity({ ctx, connection, params }: TabProps) {
  const { events, next } = await connectionActivity(ctx, connection.name, cursorOf(params) ?? undefined);
  return (
    <Card title="Activity" description="Changes, tests and refused logins, newest first." flush>
      <ActivityList events={events} />
      <CursorPagination next={next} previous={null} />
    </Card>
  );
}

async function Danger({ ctx, connection }: TabProps) {
  const policies = await listPolicies(ctx, connection.id);
  return (
    <div className="max-w-3xl">
      <DeleteConnection
        connection={{ id: connection.id, name: connection.name }}
        liveSessions={connection.liveSessions}
        policies={policies.map((one) => one.name)}
        remove={removeConnectionAction}
      />
    </div>
  );
}

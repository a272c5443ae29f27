import { approvalLink } from "@/lib/approvals/link";
import type { EventPayload, WebhookFormat } from "./events";

/** Slack's escapes: these three characters, nothing else (Slack API, "Formatting text for app surfaces"). */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Where people open it in the console; null for a test. */
export function linkOf(payload: EventPayload, consoleUrl: string): string | null {
  return payload.approval === null ? null : approvalLink(consoleUrl, payload.approval.id);
}

function headline(payload: EventPayload): string {
  const { approval } = payload;
  if (approval === null) return "Test message: this webhook works";
  const { identity, connection, statementClass } = approval;
  const what = `statement (${statementClass}) of ${identity} on ${connection}`;
  const who = approval.decidedBy ?? "Somebody";
  switch (payload.type) {
    case "approval.requested":
      return `${identity} asks for approval of a statement (${statementClass}) on ${connection}`;
    case "approval.approved":
      return `${who} approved the ${what}`;
    case "approval.denied":
      return `${who} denied the ${what}`;
    case "approval.expired":
      return `Nobody decided in time on the ${what}`;
    case "webhook.test":
      return "Test message: this webhook works";
    default:
      return payload.type satisfies never;
  }
}

/** One text for chats: what happened, why, the statement without its values, and the link. */
export function chatText(payload: EventPayload, consoleUrl: string): string {
  const { approval } = payload;
  const link = linkOf(payload, consoleUrl);
  const lines = [
    `*${slackText(headline(payload))}*`,
    approval === null ? null : slackText(approval.decisionNote ?? approval.reason),
    approval === null || approval.template === null
      ? null
      : `\`\`\`${slackText(approval.template.replaceAll("```", "'''"))}\`\`\``,
    link === null ? null : `<${link}|Open in Sallyport>`,
  ];
  return lines.filter((line) => line !== null).join("\n");
}

/** The body as it is sent and signed. */
export function bodyOf(payload: EventPayload, format: WebhookFormat, consoleUrl: string): string {
  switch (format) {
    case "generic": {
      const { type, timestamp, approval } = payload;
      const link = linkOf(payload, consoleUrl);
      return JSON.stringify({ type, timestamp, data: { text: headline(payload), link, approval } });
    }
    case "slack":
      return JSON.stringify({ text: chatText(payload, consoleUrl) });
    default:
      return format satisfies never;
  }
}

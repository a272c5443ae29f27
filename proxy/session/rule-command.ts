import { isUtf8 } from "node:buffer";
import { SallyportError } from "@/lib/errors/error";
import { COMMAND } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";
import { MalformedPacket } from "../protocol/malformed";
import { type BoundValue, readBoundValues } from "../protocol/stmt-execute";
import type { CurrentStatement } from "./current-statement";
import { type Ruling, type StatementGate, type StatementRequest, UNDECIDED } from "./gate";
import type { PreparedStatement } from "./prepared-statements";
import { recordedValues, worthReading } from "./recorded-values";

const MAX_NAME_BYTES = 256;

const refuse = (error: SallyportError): Ruling => ({
  kind: "refuse",
  error,
  references: {},
  decision: { ...UNDECIDED, decisionReason: error.message },
});

/** Asks the gate about the command in `bytes[at, end)`; `whole`: nothing of it is missing. */
export function ruleCommand(
  gate: StatementGate,
  current: CurrentStatement,
  request: StatementRequest,
  bytes: Buffer,
  at: number,
  end: number,
  whole: boolean,
): Ruling | Promise<Ruling> {
  const body = at + FRAME_HEADER + 1;
  switch (current.code) {
    case COMMAND.QUERY:
      return gate.query(bytes, body, end, request);
    case COMMAND.STMT_PREPARE:
      return gate.prepare(bytes, body, end, request);
    case COMMAND.STMT_EXECUTE:
      return ruleExecution(gate, current, request, bytes.subarray(at + FRAME_HEADER, end), whole);
    case COMMAND.INIT_DB: {
      const name = readName(bytes.subarray(body, end));
      return name === null ? refuse(badName("schema")) : gate.enterSchema(name, request);
    }
    case COMMAND.FIELD_LIST: {
      const nul = bytes.subarray(body, end).indexOf(0);
      const name = nul < 0 ? null : readName(bytes.subarray(body, body + nul));
      return name === null ? refuse(badName("table")) : gate.fieldList(name, request);
    }
    default:
      throw new TypeError(`command ${current.code} is not decided on`);
  }
}

function readName(bytes: Buffer): string | null {
  const plain = bytes.length > 0 && bytes.length <= MAX_NAME_BYTES && !bytes.includes(0) && isUtf8(bytes);
  return plain ? bytes.toString("utf8") : null;
}

function badName(what: string): SallyportError {
  return new SallyportError("NOT_UNDERSTOOD", `This can not be the name of a ${what}`, {
    next: "Check what the client sends",
  });
}

function ruleExecution(
  gate: StatementGate,
  current: CurrentStatement,
  request: StatementRequest,
  payload: Buffer,
  whole: boolean,
): Ruling | Promise<Ruling> {
  const { prepared } = current;
  if (prepared === null) throw new TypeError("an execution of nothing");
  let values: readonly BoundValue[] | null = null;
  const { needsValues, stale } = prepared.decision;
  const decides = prepared.parameters === 0 || needsValues || stale || prepared.types === null;
  if (whole && (decides || worthReading(prepared.parameters, payload.length))) {
    try {
      values = boundValues(prepared, payload);
      current.parameters = recordedValues(values);
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error;
      if (decides) {
        return refuse(
          new SallyportError("NOT_UNDERSTOOD", `The bound values are not understood: ${error.message}`, {
            next: "Prepare the statement again and bind all of its values",
          }),
        );
      }
      // The server says what it makes of them: the record only lacks the values.
      rememberTypes(prepared, payload);
    }
  } else if (whole) {
    rememberTypes(prepared, payload);
  } else if (needsValues) {
    return refuse(
      new SallyportError(
        "LIMIT_EXCEEDED",
        "The bound values are too long for a statement whose values a rule looks at",
        {
          next: "Bind less than 16 MiB, or ask an admin for a rule without conditions on values",
        },
      ),
    );
  }
  return gate.execute(prepared.decision, values, request);
}

/** Remembers the types for executions that come without them. */
function boundValues(prepared: PreparedStatement, payload: Buffer): readonly BoundValue[] {
  if (prepared.parameters === 0) return [];
  const { types, values } = readBoundValues(payload, prepared.parameters, prepared.types, prepared.longData);
  prepared.types = types;
  return values;
}

const NULLS_AT = 10;

/** Types that come with an execution whose values nobody looks at: a later one may be looked at, and come without them. */
function rememberTypes(prepared: PreparedStatement, payload: Buffer): void {
  const at = NULLS_AT + ((prepared.parameters + 7) >> 3);
  const end = at + 1 + prepared.parameters * 2;
  if (payload[at] === 1 && payload.length >= end) {
    if (prepared.types === null || prepared.types.compare(payload, at + 1, end) !== 0) {
      prepared.types = Buffer.from(payload.subarray(at + 1, end));
    }
  }
}

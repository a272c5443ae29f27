import type { Frame } from "./context";
import type { Token } from "./token";

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const UNITS = set(`
  MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND HOUR_MICROSECOND
  HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH SQL_TSI_SECOND SQL_TSI_MINUTE SQL_TSI_HOUR
  SQL_TSI_DAY SQL_TSI_WEEK SQL_TSI_MONTH SQL_TSI_QUARTER SQL_TSI_YEAR
`);
/** Functions whose first word is a keyword: EXTRACT(YEAR FROM x), TIMESTAMPDIFF(DAY, a, b). */
const UNIT_FIRST = set("EXTRACT TIMESTAMPADD TIMESTAMPDIFF GET_FORMAT");
const TYPED_LITERALS = set("DATE TIME TIMESTAMP");
const CASTS = set("CAST CONVERT JSON_VALUE");
/** Reserved words that stand for a value, so that what follows them is not an operand. */
const VALUE_WORDS = set(`
  NULL TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURRENT_ROLE LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME
  UTC_TIMESTAMP MAXVALUE DEFAULT
`);

/** Non-reserved words that are keywords because of the word right before them. */
const AFTER: Readonly<Record<string, ReadonlySet<string>>> = {
  ROLLUP: set("WITH"),
  DUPLICATE: set("ON"),
  LOCKED: set("SKIP"),
  EXPANSION: set("QUERY"),
  MODE: set("SHARE BOOLEAN LANGUAGE"),
  UNKNOWN: set("IS NOT"),
  FIRST: set("FETCH"),
  NEXT: set("FETCH"),
  ONLY: set("ROWS ROW"),
  QUICK: set("DELETE"),
  SYSTEM_TIME: set("FOR"),
  ROW: set("CURRENT"),
  LANGUAGE: set("NATURAL"),
};

/** Non-reserved words that are keywords because of the word right after them. */
const BEFORE: Readonly<Record<string, ReadonlySet<string>>> = {
  SKIP: set("LOCKED"),
  QUERY: set("EXPANSION"),
  BOOLEAN: set("MODE"),
  SOUNDS: set("LIKE"),
  MEMBER: set("OF"),
  CURRENT: set("ROW"),
  UNBOUNDED: set("PRECEDING FOLLOWING"),
};

/** Non-reserved words of data definition that are kept bare unless they stand where a name must stand. */
const DDL_WORDS = set(`
  ACTION AFTER ALGORITHM ALWAYS AUTO_INCREMENT BIT BOOL BOOLEAN BTREE CASCADED CHARSET CHECKSUM COLUMNS COMMENT COMPACT COMPRESSED COPY
  DATABASE DATE DATETIME DEFINER DISABLE DYNAMIC ENABLE ENGINE ENUM EVENT FIRST FIXED FULL FUNCTION GENERATED GEOMETRY HASH INPLACE
  INSTANT INVISIBLE INVOKER JSON LAST LESS LOCAL MERGE MODIFY NO NONE OPTION PARTITIONS PERSISTENT REDUNDANT ROW_FORMAT SCHEMA
  SECURITY SEQUENCE SERIAL SHARED SIGNED STORED TABLES TEMPORARY TEMPTABLE TEXT TIME TIMESTAMP TRUNCATE UNDEFINED USER VIEW VIRTUAL
  VISIBLE WAIT WORK YEAR
`);
const NAME_FOLLOWS = set(
  "TABLE VIEW EXISTS REFERENCES INTO COLUMN CHANGE TO LIKE INDEX KEY CONSTRAINT TRIGGER PROCEDURE FUNCTION",
);

/** Tells for each word in turn whether a non-reserved word is a keyword; keeps the small states that needs in the frame. */
export class KeywordReader {
  private readonly tokens: readonly Token[];
  private readonly ddl: boolean;

  constructor(tokens: readonly Token[], ddl: boolean) {
    this.tokens = tokens;
    this.ddl = ddl;
  }

  read(at: number, frame: Frame): boolean {
    const token = this.tokens[at];
    if (token === undefined) return false;
    if (token.kind === "punctuation" && token.text === ",") {
      frame.interval = false;
      frame.type = frame.opener === "CONVERT";
      return false;
    }
    if (token.kind !== "word") return false;
    const keyword = !token.reserved && !this.touchesDot(at) && this.isKeyword(token, at, frame);
    this.track(token, at, frame, keyword);
    return keyword;
  }

  private touchesDot(at: number): boolean {
    return this.tokens[at - 1]?.text === "." || this.tokens[at + 1]?.text === ".";
  }

  private isKeyword(token: Token, at: number, frame: Frame): boolean {
    const { upper } = token;
    const before = this.tokens[at - 1];
    const after = this.tokens[at + 1];
    if (before === undefined) return true;
    if (frame.type) return true;
    if (UNITS.has(upper) && frame.interval && this.endsOperand(at - 1)) return true;
    if (UNIT_FIRST.has(frame.opener) && at === frame.openedAt + 1) return true;
    if (TYPED_LITERALS.has(upper) && after?.kind === "string") return true;
    if (upper === "END" && frame.cases > 0) return true;
    if (upper === "ESCAPE" && frame.like && after !== undefined && after.literal >= 0) return true;
    if (upper === "OFFSET") return before.literal >= 0 && this.tokens[at - 2]?.upper === "LIMIT";
    if (upper === "SHARE") return before.upper === "FOR" || (before.upper === "IN" && after?.upper === "MODE");
    if (upper === "NOWAIT") return before.upper === "UPDATE" || before.upper === "SHARE";
    if (upper === "AGAINST") return before.text === ")" && after?.text === "(";
    if (upper === "ANY" || upper === "SOME") return before.kind === "operator" && after?.text === "(";
    if (upper === "VALUE") return after?.text === "(" && this.inInsert(frame);
    if (upper === "PRECEDING" || upper === "FOLLOWING") return this.boundsFrame(at, frame);
    if (upper === "COLUMNS" || upper === "PATH" || upper === "ORDINALITY") return this.inJsonTable(frame);
    if (before.upper === "COLLATE" || (before.upper === "SET" && this.tokens[at - 2]?.upper === "CHARACTER"))
      return true;
    if (before.upper === "USING" && frame.opener !== "") return true;
    if (AFTER[upper]?.has(before.upper) || (after !== undefined && BEFORE[upper]?.has(after.upper))) return true;
    return this.ddl && DDL_WORDS.has(upper) && !this.nameStandsHere(at, frame);
  }

  private track(token: Token, at: number, frame: Frame, keyword: boolean): void {
    const { upper } = token;
    if (!token.reserved && !keyword) return;
    if (upper === "INTERVAL") frame.interval = true;
    else if (frame.interval && UNITS.has(upper) && this.endsOperand(at - 1)) frame.interval = false;
    if (upper === "CASE") frame.cases += 1;
    else if (upper === "END" && frame.cases > 0) frame.cases -= 1;
    if (upper === "LIKE") frame.like = true;
    else if (upper === "ESCAPE" || upper === "AND" || upper === "OR") frame.like = false;
    if (upper === "AS" && CASTS.has(frame.opener)) frame.type = true;
  }

  /** Whether an operand may end with this token. */
  private endsOperand(at: number): boolean {
    const token = this.tokens[at];
    if (token === undefined) return false;
    if (token.kind === "word") return !token.reserved || VALUE_WORDS.has(token.upper);
    return token.kind === "punctuation" ? token.text === ")" : token.kind !== "operator";
  }

  private inInsert(frame: Frame): boolean {
    const first = this.tokens[0]?.upper;
    return frame.openedAt === -1 && (first === "INSERT" || first === "REPLACE");
  }

  private boundsFrame(at: number, frame: Frame): boolean {
    const before = this.tokens[at - 1];
    return frame.clause === "frame" && before !== undefined && (before.literal >= 0 || before.kind === "word");
  }

  private inJsonTable(frame: Frame): boolean {
    return frame.opener === "JSON_TABLE" || frame.opener === "COLUMNS";
  }

  /** The first word of a list item or after a word that a name follows: a column or table called like a keyword. */
  private nameStandsHere(at: number, frame: Frame): boolean {
    const before = this.tokens[at - 1];
    if (before === undefined) return false;
    if (NAME_FOLLOWS.has(before.upper)) return true;
    return frame.openedAt >= 0 && before.kind === "punctuation" && (before.text === "(" || before.text === ",");
  }
}

/** Whether a word that may be an operand ends with this token: what follows it can be an alias. */
export function isValueWord(upper: string): boolean {
  return VALUE_WORDS.has(upper);
}

import type { NotUnderstoodReason } from "./token";

/** What happened and what to write instead, for the client that sent the statement. */
const TEXTS: Readonly<Record<NotUnderstoodReason, string>> = {
  empty_statement: "there is no statement",
  too_long: "the statement is too long; send values as parameters or split it",
  too_many_tokens: "the statement has too many parts; send it in smaller batches",
  too_many_escapes: "the statement has too many escaped characters; send the value as a parameter",
  nested_too_deep: "parentheses are nested too deep; use a common table expression",
  unbalanced_parentheses: "a parenthesis has no counterpart",
  several_statements: "only one statement at a time is understood; send them one by one",
  control_character: "there is a control character outside of a string",
  invalid_utf8: "the statement is not valid UTF-8; connect with the character set utf8mb4",
  non_ascii_outside_quotes: "there is a character outside ASCII; write the name in back quotes",
  executable_comment: "executable comments are refused; write the statement without /*! */",
  optimizer_hint: "optimizer hints are refused; write the statement without /*+ */",
  nested_comment: "a comment opens inside a comment; write the statement without it",
  unterminated_comment: "a comment does not end",
  carriage_return_in_comment:
    "a line comment holds a carriage return, where readers disagree about its end; use a line feed",
  unterminated_quote: "a quote is not closed",
  empty_name: "a name between back quotes is empty",
  national_string: "N'..' strings are refused; write a plain string",
  charset_introducer: "character set introducers other than _binary and _utf8mb4 are refused; write a plain string",
  odbc_escape: "ODBC escapes in braces are refused; write plain SQL",
  backslash_outside_string: "there is a backslash outside of a string; write NULL instead of \\N",
  digit_leading_name: "a name starts with a digit; write it in back quotes",
  dollar_leading_name: "a name starts with a dollar sign; write it in back quotes",
  number_glued_to_word: "a number and a word touch; put a space between them",
  malformed_number: "a number is incomplete; write digits on both sides of the decimal point",
  malformed_hex: "a hexadecimal literal needs pairs of the digits 0 to 9 and A to F",
  malformed_bit: "a bit literal needs the digits 0 and 1",
  parameter_glued_to_word: "a question mark and a word touch; put a space between them",
  malformed_variable: "a variable's name is not understood; write @name or @@name in plain letters",
  leading_dot_name: "a dot has no name before it; write schema.table.column",
  unknown_operator: "an operator is not understood; put spaces between operators that touch",
  unexpected_character: "a character is not understood",
};

/** One sentence about a refusal of the lexer, with the place counted in bytes from 1. */
export function refusalText(reason: NotUnderstoodReason, at: number): string {
  return `${TEXTS[reason]} (at byte ${at + 1})`;
}

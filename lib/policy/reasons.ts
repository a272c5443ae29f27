import type { NotUnderstoodReason } from "@/lib/sql/token";

/** What to tell a client whose text was refused by the lexer: what is wrong, and what to write instead where there is something. */
const REASONS: Readonly<Record<NotUnderstoodReason, string>> = {
  empty_statement: "there is no statement",
  too_long: "it is too long",
  too_many_tokens: "it has too many words and values",
  nested_too_deep: "its parentheses are nested too deep",
  unbalanced_parentheses: "its parentheses do not match",
  several_statements: "there is more than one statement; send them one by one",
  control_character: "it has a control character outside of a string",
  invalid_utf8: "it is not valid UTF-8",
  non_ascii_outside_quotes: "it has a letter outside ASCII that is not in quotes; put such a name in back quotes",
  executable_comment: "executable comments (/*! */ and /*M! */) are not allowed; write what they hold, or leave it out",
  optimizer_hint: "optimizer hints (/*+ */) are not allowed; leave them out",
  nested_comment: "it has a comment inside a comment",
  unterminated_comment: "a comment is not closed",
  too_many_escapes: "it has too many escapes in its strings",
  carriage_return_in_comment: "a comment to the end of the line has a carriage return in it",
  unterminated_quote: "a quote is not closed",
  empty_name: "a quoted name is empty",
  national_string: "national strings (N'...') are not allowed; write a plain string",
  charset_introducer: "character set introducers (_latin1'...') are not allowed; write a plain string",
  odbc_escape: "ODBC escapes ({d '...'}) are not allowed; write the value as a string",
  backslash_outside_string: "it has a backslash outside of a string",
  digit_leading_name: "a name starts with a digit; put it in back quotes",
  dollar_leading_name: "a name starts with $; put it in back quotes",
  number_glued_to_word: "a number runs into a word; put a space between them",
  malformed_number: "a number is not complete",
  malformed_hex: "a hexadecimal literal is not complete",
  malformed_bit: "a bit literal is not complete",
  parameter_glued_to_word: "a ? runs into a word; put a space between them",
  malformed_variable: "the name of a variable is not complete",
  leading_dot_name: "a name starts with a dot",
  unknown_operator: "it has an operator that is not known",
  unexpected_character: "it has a character that can not stand there",
};

/** The reason as a clause without a full stop. */
export function describeReason(reason: NotUnderstoodReason): string {
  return REASONS[reason];
}

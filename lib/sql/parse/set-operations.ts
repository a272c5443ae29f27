import type { FromItem, Query, SelectBlock, SetOperation, SetOperator } from "../model";

/** A comma in FROM. */
export function inner(left: FromItem, right: FromItem): FromItem {
  return { kind: "join", join: "inner", natural: false, left, right, on: null, using: null };
}

/** A query without WITH, ORDER BY and LIMIT. */
export function plainQuery(body: SelectBlock | SetOperation): Query {
  return { with: null, body, orderBy: [], limit: null };
}

/** INTERSECT binds tighter than UNION and EXCEPT (MySQL manual, "Set Operations"); both are left-associative. */
export function combine(terms: readonly Query[], operators: readonly SetOperator[]): SelectBlock | SetOperation {
  const queue: Query[] = [];
  const loose: SetOperator[] = [];
  terms.forEach((term, index) => {
    const operator = operators[index - 1];
    const left = queue.at(-1);
    if (operator === "intersect" && left !== undefined) {
      queue[queue.length - 1] = plainQuery({ kind: "set", operator, left, right: term });
      return;
    }
    if (operator !== undefined) loose.push(operator);
    queue.push(term);
  });
  const result = queue.reduce((left, right, index) => {
    const operator = loose[index - 1];
    return operator === undefined ? right : plainQuery({ kind: "set", operator, left, right });
  });
  return result.body;
}

/**
 * The evaluator does not know what the official engine would do here: a function, operator, type
 * or syntax outside its subset. It is never turned into a verdict; whoever asked must hear of it.
 */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/**
 * An error as the rules language defines it: a missing field, a value of the wrong type, a document
 * that is not there. Inside `&&` and `||` the other side may make up for it; an `allow` condition
 * that ends in one does not allow.
 */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

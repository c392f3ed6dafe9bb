/**
 * A function, operator, type or syntax outside the evaluator's subset, for which the official
 * engine's behaviour is not implemented. Never turned into a verdict; always reaches the caller.
 */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';

  /** @param line Of the `allow` whose condition it is in; undefined: it is elsewhere */
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}

/**
 * An error defined by the rules language: a missing field or document, a value of the wrong type. In
 * `&&` and `||` the other operand can override it; an `allow` whose condition raises one denies.
 */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

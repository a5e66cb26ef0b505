/** An expectation that did not hold: the rule, as this case tries it, is broken. */
export class Finding extends Error {
  override readonly name = "Finding";
  readonly expected: string;
  readonly actual: string;

  constructor(message: string, expected: string, actual: string) {
    super(message);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A difference that costs nobody money, such as another error code: a warning, however binding the rule is. */
export class Difference extends Finding {}

/** A request that should have been served was not, or was answered by 5xx: others that came at once may be why. */
export class Unserved extends Finding {}

/** Something that the case builds on is not there, so that nothing can be said about the rule. */
export class Unproven extends Error {
  override readonly name = "Unproven";
}

/** The run lacks something that this case needs; the message says what to give. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}

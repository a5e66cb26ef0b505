/**
 * How binding a rule is. `MUST`, `SHOULD`, `MAY`: the spec's own words. A star marks what follows from its prose,
 * tables or examples without such a word. `SEC`: a security property without spec text that real implementations
 * have broken. `REF`: what the reference implementation does; to differ from it is reported, never held against.
 */
export type Level = "MUST" | "MUST*" | "SHOULD" | "SHOULD*" | "MAY" | "REF" | "SEC";

export type Role = "seller" | "client" | "facilitator";
export type ProtocolId = "x402@2" | "x402@1";

/** One rule of the protocol. */
export interface Requirement {
  /** Append-only, never renamed, e.g. `S-RPL-01`. */
  readonly id: string;
  readonly role: Role;
  readonly protocol: ProtocolId;
  readonly level: Level;
  /** The rule in one sentence. */
  readonly statement: string;
  /** Where the rule comes from; `""` when it has no text of its own. */
  readonly citation: string;
}

/** Rules about one subject. */
export interface Topic {
  readonly title: string;
  readonly rules: readonly Requirement[];
}

/** What breaking a rule of this level means: the run fails, or is warned about. */
export function severityOf(level: Level): "must" | "should" | "reference" {
  switch (level) {
    case "MUST":
    case "MUST*":
    case "SEC":
      return "must";
    case "SHOULD":
    case "SHOULD*":
      return "should";
    case "MAY":
    case "REF":
      return "reference";
  }
}

/** One line of a rule table: id, level, statement, citation. */
type RuleLine = readonly [id: string, level: Level, statement: string, citation: string];

/** Reads a table of rules that share role and protocol. */
export function rules(role: Role, protocol: ProtocolId, lines: readonly RuleLine[]): readonly Requirement[] {
  return lines.map(([id, level, statement, citation]) => ({
    id,
    role,
    protocol,
    level,
    statement,
    citation,
  }));
}

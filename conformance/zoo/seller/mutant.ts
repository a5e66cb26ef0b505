import {
  type ExtensionEntry,
  type ProtocolId,
  type SandboxDescription,
  type SellerExtension,
  type SellerSteps,
  sellerSteps,
} from "#sandbox";
import type { ReferenceVariation } from "../../subjects/index.ts";
import type { MutantFacts } from "../trial.ts";
import type { Reword } from "./mcp/index.ts";

/** In what a seller differs from the reference. */
export interface SellerVariation extends ReferenceVariation {
  /** Sells tools over MCP, and gives these results in place of honest ones. */
  readonly overMcp?: Reword;
}

/** A seller that is wrong in exactly one way. */
export interface Mutant extends MutantFacts {
  /** The version that it speaks and is judged in; `x402@2` without one. */
  readonly protocol?: ProtocolId;
  /** Builds it for the sandbox that it sells in; `reached` is called each time the fault shows. */
  readonly build: (reached: () => void, sandbox: SandboxDescription) => SellerVariation;
}

/**
 * The reference with one step replaced.
 *
 * @example
 * build: replacing("verify", (_original, reached) => () => {
 *   reached();
 *   return { kind: "verified" };
 * })
 */
export function replacing<Step extends keyof SellerSteps>(
  step: Step,
  replacement: (
    original: SellerSteps[Step],
    reached: () => void,
    sandbox: SandboxDescription,
  ) => SellerSteps[Step],
): Mutant["build"] {
  return (reached, sandbox) => ({
    steps: { ...sellerSteps, [step]: replacement(sellerSteps[step], reached, sandbox) },
  });
}

/** The reference's extensions with one of them changed. */
export function changing(
  key: string,
  change: (own: SellerExtension) => SellerExtension,
): NonNullable<ReferenceVariation["extensions"]> {
  return (extensions) =>
    extensions.map((extension) => (extension.key === key ? change(extension) : extension));
}

/** A mutant whose challenges say something else of one extension; the seller itself believes it, too. */
export function describing(
  key: string,
  {
    change,
    ...facts
  }: Omit<Mutant, "build"> & { readonly change: (entry: ExtensionEntry) => ExtensionEntry },
): Mutant {
  return {
    ...facts,
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        describe: (exchange) => {
          const entry = own.describe(exchange);
          if (entry === undefined) return undefined;
          reached();
          return change(entry);
        },
      })),
    }),
  };
}

/** The same mutant, speaking both versions. */
export function besideV2(mutant: Mutant): Mutant {
  const build: Mutant["build"] = (reached, sandbox) => ({
    ...mutant.build(reached, sandbox),
    protocols: ["x402@2", "x402@1"],
  });
  return { ...mutant, build };
}

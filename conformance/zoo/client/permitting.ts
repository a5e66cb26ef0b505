import { clientSteps } from "#sandbox";
import { type ClientMutant, replacing, withSteps } from "./mutant.ts";

type Sign = (typeof clientSteps)["sign"];
type Transfer = ReturnType<(typeof clientSteps)["authorize"]>;

/** An entry that is about to be paid by Permit2. */
export type PermittedChoice = Extract<Parameters<Sign>[0], { readonly method: "permit2" }>;

/** Signs and sends a permit for another entry than was chosen; for the same one where `change` gives `undefined`. */
export function permitting(
  change: (choice: PermittedChoice) => PermittedChoice | undefined,
): ClientMutant["build"] {
  return withSteps((reached) => {
    const changed = (choice: Parameters<Sign>[0]) => {
      const other = choice.method === "permit2" ? change(choice) : undefined;
      if (other !== undefined) reached();
      return other ?? choice;
    };
    return {
      sign: (choice, ...rest) => clientSteps.sign(changed(choice), ...rest),
      composePayment: (choice, ...rest) => clientSteps.composePayment(changed(choice), ...rest),
    };
  });
}

/** Permits another transfer than was asked for. */
export function permittingTransfer(change: (transfer: Transfer) => Transfer): ClientMutant["build"] {
  return replacing("authorize", (original, reached) => (choice, ...rest) => {
    if (choice.method === "eip3009") return original(choice, ...rest);
    reached();
    return change(original(choice, ...rest));
  });
}

import { type Case, defineFormCase, signatureFault } from "../../engine/client/index.ts";
import { Finding } from "../../engine/index.ts";

/**
 * What is signed wrong now and then: a digit that is lost from one signature in sixteen, an s that is high in every other.
 * The honest sale may have been lucky, so this looks at all that was signed in the run.
 */
export const signatureCases: readonly Case[] = [
  defineFormCase({
    id: "client.audit.signatures",
    requirement: "C-PAY-15",
    title: "Every signature of the run is 65 bytes, with a low s and v of 27 or 28",
    needs: ["is-sent"],
    alone: true,
    probe: async (t) => {
      await t.sellsHonestly().done();
      const signed = t.paymentsSoFar.flatMap(({ label, payment }) => {
        const { signature } = payment.authorization ?? payment.permit ?? {};
        return signature === undefined ? [] : [{ label, signature, fault: signatureFault(signature) }];
      });
      const faulty = signed.filter(({ fault }) => fault !== undefined);
      const [first] = faulty;
      if (first === undefined) return;
      throw new Finding(
        `${faulty.length} of ${signed.length} signatures have another shape: ${first.fault}.`,
        "65 bytes, low s, v 27 or 28",
        `${first.signature}, e.g. in ${first.label}`,
      );
    },
  }),
];

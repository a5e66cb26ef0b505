import { type Address, createWalletClient, encodeFunctionData, http, maxUint256, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type ClientSteps, clientSteps, minedReceipt, PaymentError, usdcAbi } from "#sandbox";
import { permit2Address } from "../../../oracles/permit2.ts";
import { type PayingFetchContext, referenceClient } from "../../../subjects/client/index.ts";
import { isMessage, type Message, misstating, nobody, part } from "../messages.ts";
import type { ClientMutant } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** The extension by which a seller's facilitator pays for an allowance that the payer signs. */
const sponsoring = "eip2612GasSponsoring";

/** Clients that give an allowance wrongly where one is missing, or pay twice once they have given it. */
export const allowanceMutants: readonly ClientMutant[] = [
  {
    id: "allows-the-payee",
    breaks: "Gives the payee an allowance where Permit2 lacks one.",
    caughtBy: ofBothPermits("allowance-for-permit2-alone"),
    build: mending((reached, approve) => ({
      retry: async (presentation) => {
        const { failure, payment, made } = presentation;
        if (failure.code !== "permit2-allowance-required" || made > 1) return clientSteps.retry(presentation);
        reached();
        await approve(payment.authorization.to);
        return undefined;
      },
    })),
  },
  {
    id: "pays-twice-once-allowed",
    breaks: "Gives Permit2 the allowance, presents its payment again, and then another one for the same.",
    caughtBy: ofBothPermits("without-allowance-412", "without-allowance-402"),
    build: mending((reached, approve) => {
      let hasApproved = false;
      return {
        conclude: async (...answer) => {
          const paid = await clientSteps.conclude(...answer);
          if (!hasApproved) return paid;
          hasApproved = false;
          reached();
          throw new PaymentError("payment-refused", "Nobody told it that this was enough.", {
            moneyMoved: "yes",
          });
        },
        retry: async (presentation) => {
          const { failure, payment, made, signAnother } = presentation;
          if (failure.code === "permit2-allowance-required" && made === 1) {
            await approve();
            hasApproved = true;
            return payment;
          }
          return failure.code === "payment-refused" && made === 2
            ? signAnother?.()
            : clientSteps.retry(presentation);
        },
      };
    }),
  },
  {
    id: "allows-whoever-sponsors",
    breaks: "Signs a sponsored allowance for whomever the seller names.",
    caughtBy: ["client.permit2.sponsoring-allows-only-permit2"],
    build: misstating((payment) => {
      const extensions = part(payment, "extensions");
      const info = part(part(extensions, sponsoring), "info");
      if (info.spender !== nobody) return undefined;
      const signed: Message = { ...info, amount: String(2n ** 256n - 1n), signature: `0x${"11".repeat(65)}` };
      const { [sponsoring]: declared } = extensions;
      const own = isMessage(declared) ? declared : {};
      return { ...payment, extensions: { ...extensions, [sponsoring]: { ...own, info: signed } } };
    }),
  },
];

/** Lets somebody take any amount of the run's asset; Permit2 unless told. */
type Approve = (spender?: Address) => Promise<void>;

/** The reference with some steps replaced by ones that can send transactions. */
function mending(
  replacement: (reached: () => void, approve: Approve) => Partial<ClientSteps>,
): ClientMutant["build"] {
  return (reached) => (context) =>
    referenceClient({ ...clientSteps, ...replacement(reached, approving(context)) })(context);
}

function approving({ privateKey, rpcUrl, asset }: PayingFetchContext): Approve {
  return async (spender = permit2Address) => {
    const account = privateKeyToAccount(privateKey);
    const wallet = createWalletClient({ account, transport: http(rpcUrl) }).extend(publicActions);
    const args = [spender, maxUint256] as const;
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "approve", args });
    await minedReceipt(wallet, await wallet.sendTransaction({ to: asset, data, chain: null }));
  };
}

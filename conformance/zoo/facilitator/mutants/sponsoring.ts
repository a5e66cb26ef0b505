import { encodeFunctionData, erc20Abi, parseAbi } from "viem";
import type { FacilitatorSteps } from "#sandbox";
import { permit2Address } from "../../../oracles/permit2.ts";
import { type FacilitatorMutant, json, withSteps } from "../mutant.ts";
import { allowanceIn, paymentIn, taking, takingSponsored } from "../sponsored.ts";

/** The cases of flaws, of /verify and of /settle. */
function ofFlaws(...names: readonly string[]): string[] {
  return names.flatMap((name) => [
    `facilitator.sponsoring.${name}-to-verify`,
    `facilitator.sponsoring.${name}-to-settle`,
  ]);
}

/** Facilitators that are wrong about payments that bring their allowance (eip2612GasSponsoring). */
export const sponsoringMutants: readonly FacilitatorMutant[] = [
  {
    id: "sends-the-allowance-by-itself",
    breaks: "Sends the allowance in a transaction of its own, before the payment.",
    caughtBy: ["facilitator.sponsoring.settles", "facilitator.sponsoring.settles-upto"],
    build: withSteps((original, reached) => ({
      broadcast: async (payment, desk) => {
        if (payment.method !== "permit2" || payment.sponsored === undefined)
          return original.broadcast(payment, desk);
        reached();
        const { sponsored, ...alone } = payment;
        await desk.account.send({ to: payment.asset, data: permitData(sponsored) }, () => undefined);
        return original.broadcast(alone, desk);
      },
    })),
  },
  {
    id: "sends-the-allowance-that-it-verifies",
    breaks: "Sends an allowance when the payment is only to be verified.",
    caughtBy: [
      "facilitator.sponsoring.allowance-sent-before",
      // What their controls brought is on the chain, so that the flawed allowance is not needed any more.
      "facilitator.sponsoring.allowance-signed-by-a-stranger-to-verify",
      "facilitator.sponsoring.allowance-with-another-nonce-to-verify",
      "facilitator.sponsoring.settles",
    ],
    build: withSteps((original, reached) => ({
      check: async (payment, desk, checks) => {
        const refusal = await original.check(payment, desk, checks);
        if (payment.method !== "permit2" || payment.sponsored === undefined || payment.phase === "settle")
          return refusal;
        const refused = refusal ?? (await original.simulate(payment, desk));
        if (refused !== undefined) return refused;
        reached();
        const { sponsored, asset } = payment;
        const sending = await desk.account.send({ to: asset, data: permitData(sponsored) }, () => undefined);
        if (sending.sent) await desk.account.receipt(sending.transaction.hash);
        return undefined;
      },
    })),
  },
  {
    id: "cannot-sponsor",
    breaks: "Lists the extension, and takes no notice of allowances that payments bring.",
    caughtBy: ["facilitator.sponsoring.settles"],
    build: (reached) => ({
      intercept: async ({ endpoint, request, network }) => {
        if (allowanceIn(request)?.signature === undefined) return undefined;
        reached();
        const code = "PERMIT2_ALLOWANCE_REQUIRED";
        return endpoint === "verify"
          ? json(200, { isValid: false, invalidReason: code })
          : json(200, { success: false, errorReason: code, transaction: "", network });
      },
    }),
  },
  {
    id: "settles-sponsored-payments-unseen",
    breaks: "Sends whatever payment brings its allowance, trusting that it was verified.",
    caughtBy: [
      "allowance-expired",
      "allowance-for-another-spender",
      "allowance-of-another-account",
      "allowance-of-another-token",
      "allowance-of-less-than-the-price",
      "allowance-signed-by-a-stranger",
      "allowance-with-another-nonce",
      "in-another-token",
      "more-than-the-payer-holds",
      "pays-another",
      "signed-by-a-stranger",
      "token-without-permits",
      "transfer-would-revert",
      "underpaid-by-one",
      "allowance-of-more-than-the-price",
      "expired",
      "for-another-chain",
      "not-yet-valid",
      "to-another-spender",
      "upto-accepted-less-and-paid-it",
      "upto-expired",
      "upto-for-another-chain",
      "upto-in-another-token",
      "upto-more-than-the-payer-holds",
      "upto-not-yet-valid",
      "upto-pays-another",
      "upto-signed-by-a-stranger",
      "upto-to-another-spender",
      "upto-transfer-would-revert",
      "upto-underpaid-by-one",
    ]
      .map((name) => `facilitator.sponsoring.${name}-to-settle`)
      .concat("facilitator.sponsoring.simulation-refused-to-settle"),
    build: withSteps((original, reached) => ({
      check: async (payment, desk, checks) => {
        const refusal = await original.check(payment, desk, checks);
        if (payment.method !== "permit2" || payment.sponsored === undefined || payment.phase === "verify")
          return refusal;
        reached();
        return undefined;
      },
      simulate: async (payment, desk) =>
        payment.method === "permit2" && payment.sponsored !== undefined && payment.phase === "settle"
          ? undefined
          : original.simulate(payment, desk),
    })),
  },
  {
    id: "takes-allowances-for-anybody",
    breaks: "Does not look to whom an allowance is given.",
    caughtBy: ofFlaws("allowance-for-another-spender"),
    build: takingSponsored("eip2612_spender_not_permit2"),
  },
  {
    id: "takes-allowances-of-anybody",
    breaks: "Does not look whose allowance it is.",
    caughtBy: ofFlaws("allowance-of-another-account"),
    build: takingSponsored("eip2612_from_mismatch"),
  },
  {
    id: "takes-allowances-of-any-token",
    breaks: "Does not look of which token an allowance is.",
    caughtBy: ofFlaws("allowance-of-another-token"),
    build: takingSponsored("eip2612_asset_mismatch"),
  },
  {
    id: "takes-allowances-that-expired",
    breaks: "Does not look at the deadline of an allowance.",
    caughtBy: ofFlaws("allowance-expired"),
    build: takingSponsored("eip2612_deadline_expired"),
  },
  {
    id: "takes-any-allowance",
    breaks: "Does not look how much an allowance allows.",
    caughtBy: ofFlaws("allowance-of-less-than-the-price", "allowance-of-more-than-the-price"),
    build: takingSponsored("permit2_2612_amount_mismatch"),
  },
  {
    id: "sponsors-any-bound",
    breaks: "Takes payments of upto that bring their allowance, however little they permit.",
    caughtBy: [
      ...ofFlaws("upto-underpaid-by-one"),
      "facilitator.sponsoring.upto-accepted-less-and-paid-it-to-settle",
    ],
    build: takingSponsored("invalid_upto_evm_payload_settlement_exceeds_amount"),
  },
  {
    id: "does-not-ask-the-token-about-allowances",
    breaks: "Looks at neither signature nor nonce of an allowance.",
    caughtBy: [
      ...ofFlaws("allowance-signed-by-a-stranger", "allowance-with-another-nonce", "token-without-permits"),
    ],
    build: takingSponsored("PERMIT2_ALLOWANCE_REQUIRED"),
  },
  {
    id: "takes-an-unfilled-extension-for-an-allowance",
    breaks: "Takes the extension as its seller declared it for an allowance.",
    caughtBy: ofFlaws("no-allowance"),
    build: taking(
      (request, code) =>
        code === "PERMIT2_ALLOWANCE_REQUIRED" &&
        allowanceIn(request) !== undefined &&
        allowanceIn(request)?.signature === undefined,
    ),
  },
  {
    id: "takes-allowances-that-cannot-be-read",
    breaks: "Takes an allowance that it cannot read for a good one.",
    caughtBy: ofFlaws("malformed"),
    build: taking((_request, code) => code === "invalid_eip2612_extension_format"),
  },
  {
    id: "takes-a-sent-allowance-for-a-settlement",
    breaks: "Says that a payment is settled whose allowance is on the chain already, and does not settle it.",
    caughtBy: ["facilitator.sponsoring.allowance-sent-before"],
    build: (reached) => {
      const sent = new Set<string>();
      const { steps } = withSteps(({ check }) => ({
        check: async (payment, desk, checks) => {
          const refusal = await check(payment, desk, checks);
          if (!(await isSettledAfterItsAllowance(payment, desk))) return refusal;
          sent.add(payment.signature);
          return { code: "invalid_transaction_state", message: "the allowance is on the chain already" };
        },
      }))(reached);
      return {
        ...(steps && { steps }),
        intercept: async ({ endpoint, request, network, proceed }) => {
          if (endpoint !== "settle") return undefined;
          const honest = await proceed();
          if (!sent.has(paymentIn(request)?.payload.signature ?? "")) return json(200, honest);
          reached();
          return json(200, { success: true, transaction: `0x${"7".repeat(64)}`, network });
        },
      };
    },
  },
];

const permitAbi = parseAbi([
  "function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
]);

type Payment = Parameters<FacilitatorSteps["check"]>[0];
type Desk = Parameters<FacilitatorSteps["check"]>[1];
type Sponsored = NonNullable<Extract<Payment, { method: "permit2" }>["sponsored"]>;

function permitData({ from, spender, value, deadline, v, r, s }: Sponsored) {
  const args = [from, spender, value, deadline, v, r, s] as const;
  return encodeFunctionData({ abi: permitAbi, functionName: "permit", args });
}

/** Whether a payment is to be settled whose allowance somebody has sent. */
async function isSettledAfterItsAllowance(payment: Payment, { chain }: Desk): Promise<boolean> {
  if (payment.method !== "permit2" || payment.sponsored === undefined || payment.phase === "verify")
    return false;
  const args = [payment.authorization.from, permit2Address] as const;
  const allowance = { address: payment.asset, abi: erc20Abi, functionName: "allowance", args } as const;
  return (await chain.readContract(allowance)) >= payment.sponsored.value;
}

import { erc20Abi } from "viem";
import { facilitatorSteps } from "#sandbox";
import { type FacilitatorMutant, overlooking, withSteps } from "../mutant.ts";
import { ofPermits } from "../ways.ts";

/** Facilitators that overlook what they must find. The token itself refuses some of it all the same. */
export const checkMutants: readonly FacilitatorMutant[] = [
  {
    id: "settles-any-scheme",
    breaks: "Takes any scheme for exact.",
    caughtBy: ["facilitator.malformed.scheme", "facilitator.v1.unsupported-scheme"],
    build: overlooking("request", "scheme"),
  },
  {
    id: "overlooks-the-accepted-scheme",
    breaks: "Does not compare accepted.scheme.",
    caughtBy: [
      "facilitator.settle.accepted-another-scheme",
      "facilitator.v1.for-another-scheme-or-network",
      "facilitator.verify.accepted-another-scheme",
    ],
    build: overlooking("request", "accepted scheme"),
  },
  {
    id: "settles-any-network",
    breaks: "Takes any network for its own.",
    caughtBy: ["facilitator.malformed.network"],
    build: overlooking("request", "network"),
  },
  {
    id: "compares-networks-by-their-beginning",
    breaks: "Takes a network whose name begins as its own does for its own.",
    caughtBy: ["facilitator.malformed.network"],
    build: (reached) => {
      const request = facilitatorSteps.checks.request.map((check) =>
        check.name !== "network"
          ? check
          : {
              ...check,
              check: (subject: Parameters<typeof check.check>[0]) => {
                const complaint = check.check(subject);
                const { network } = subject.request.paymentRequirements;
                if (complaint === undefined || !network.startsWith(subject.network)) return complaint;
                reached();
                return undefined;
              },
            },
      );
      return { steps: { ...facilitatorSteps, checks: { ...facilitatorSteps.checks, request } } };
    },
  },
  {
    id: "overlooks-the-accepted-network",
    breaks: "Does not compare accepted.network.",
    caughtBy: [
      "facilitator.settle.accepted-another-network",
      "facilitator.v1.for-another-scheme-or-network",
      "facilitator.verify.accepted-another-network",
    ],
    build: overlooking("request", "accepted network"),
  },
  {
    id: "overlooks-a-payto-that-is-no-address",
    breaks: "Does not look at the form of payTo.",
    caughtBy: ["facilitator.malformed.requirements"],
    build: overlooking("request", "payTo"),
  },
  {
    id: "overlooks-the-accepted-price",
    breaks: "Does not compare the accepted amount, payTo and asset.",
    caughtBy: [
      "facilitator.settle.accepted-another-price",
      "facilitator.verify.accepted-another-price",
      "facilitator.permit2.accepted-another-price-to-verify",
      "facilitator.permit2.accepted-another-price-to-settle",
      "facilitator.upto.accepted-another-price-to-verify",
      "facilitator.upto.accepted-another-price-to-settle",
      "facilitator.sponsoring.accepted-another-price-to-verify",
      "facilitator.sponsoring.accepted-another-price-to-settle",
      "facilitator.sponsoring.upto-accepted-another-price-to-verify",
      "facilitator.sponsoring.upto-accepted-another-price-to-settle",
    ],
    build: overlooking("request", "accepted amount", "accepted payTo", "accepted asset"),
  },
  {
    id: "overlooks-the-recipient",
    breaks: "Does not compare the authorization's payee with payTo.",
    caughtBy: [
      "facilitator.settlement.pending-for-other-terms",
      "facilitator.settle.pays-another",
      "facilitator.settlement.verified-for-other-terms",
      "facilitator.v1.pays-another",
      "facilitator.verify.pays-another",
      "facilitator.settlement.settled-for-other-terms",
    ],
    build: overlooking("payment", "recipient"),
  },
  {
    id: "overlooks-the-amount",
    breaks: "Does not compare the authorization's value with the amount.",
    caughtBy: [
      "facilitator.settlement.pending-for-other-terms",
      "facilitator.api.no-transaction-when-nothing-was-sent",
      "facilitator.api.reason-on-failure",
      "facilitator.api.reason-on-refusal",
      "facilitator.api.refusals-are-200",
      "facilitator.settle.overpaid-by-one",
      "facilitator.settle.underpaid-by-one",
      "facilitator.settle.underpaid-by-one-in-many",
      "facilitator.settle.underpaid-with-nothing",
      "facilitator.settlement.agrees-with-verify",
      "facilitator.settlement.verified-for-other-terms",
      "facilitator.v1.names-the-payer",
      "facilitator.v1.underpaid-by-one",
      "facilitator.verify.overpaid-by-one",
      "facilitator.verify.underpaid-by-one",
      "facilitator.verify.underpaid-by-one-in-many",
      "facilitator.verify.underpaid-with-nothing",
      "facilitator.settlement.settled-for-other-terms",
    ],
    build: overlooking("payment", "amount"),
  },
  {
    id: "takes-more-than-was-asked",
    breaks: "Is content with any value that is high enough.",
    caughtBy: ["facilitator.settle.overpaid-by-one", "facilitator.verify.overpaid-by-one"],
    build: withSteps(({ checks }, reached) => ({
      checks: {
        ...checks,
        payment: checks.payment.map((check) =>
          check.name === "amount"
            ? {
                ...check,
                check: (payment) => {
                  const enough = payment.authorization.value > BigInt(payment.requirements.amount);
                  if (enough) reached();
                  return enough ? undefined : check.check(payment);
                },
              }
            : check,
        ),
      },
    })),
  },
  {
    id: "leaves-the-signature-to-the-token",
    breaks: "Does not check the signature; the simulation refuses it with a reason of its own.",
    caughtBy: [
      "facilitator.malformed.payload",
      "facilitator.smart-account.forged-to-settle",
      "facilitator.smart-account.forged-to-verify",
      "facilitator.smart-account.undeployed-forged-to-settle",
      "facilitator.smart-account.undeployed-forged-to-verify",
      "facilitator.verify.altered-signature",
      "facilitator.verify.for-another-domain",
      "facilitator.verify.malleable-signature",
      "facilitator.verify.signed-by-a-stranger",
    ],
    build: overlooking("state", "signature"),
  },
  {
    id: "leaves-expiry-to-the-token",
    breaks: "Does not check validBefore; the simulation refuses it with a reason of its own.",
    caughtBy: ["facilitator.verify.expired"],
    build: overlooking("state", "expired"),
  },
  {
    id: "leaves-valid-after-to-the-token",
    breaks: "Does not check validAfter; the simulation refuses it with a reason of its own.",
    caughtBy: ["facilitator.verify.not-yet-valid"],
    build: overlooking("state", "not yet valid"),
  },
  {
    id: "wants-the-payer-to-keep-something",
    breaks: "Refuses a payment of all that its payer holds.",
    caughtBy: ["facilitator.settlement.all-that-the-payer-holds"],
    build: withSteps(({ check }, reached) => ({
      check: async (payment, desk, checks) => {
        const { from, value } = payment.authorization;
        const held = {
          address: payment.asset,
          abi: erc20Abi,
          functionName: "balanceOf",
          args: [from],
        } as const;
        if (payment.method !== "eip3009") return check(payment, desk, checks);
        // What is no token has no balance to read.
        const balance = await desk.chain.readContract(held).catch(() => undefined);
        if (balance !== value) return check(payment, desk, checks);
        reached();
        return { code: "insufficient_funds", message: "the payer would have nothing left" };
      },
    })),
  },
  {
    id: "leaves-the-balance-to-the-token",
    breaks: "Does not check the balance; the simulation refuses it with a reason of its own.",
    caughtBy: ["facilitator.verify.more-than-the-payer-holds", "facilitator.verify.unknown-payer"],
    build: overlooking("state", "balance"),
  },
  {
    id: "does-not-simulate",
    breaks: "Does not try the transfer before it says yes.",
    caughtBy: [
      "facilitator.permit2.transfer-would-revert",
      "facilitator.settle.blacklisted-payee",
      "facilitator.settle.blacklisted-payer",
      "facilitator.settle.paused-token",
      "facilitator.v1.state-to-settle",
      "facilitator.v1.state-to-verify",
      "facilitator.verify.blacklisted-payee",
      "facilitator.verify.blacklisted-payer",
      "facilitator.verify.paused-token",
      "facilitator.sponsoring.transfer-would-revert-to-settle",
      "facilitator.sponsoring.transfer-would-revert-to-verify",
      "facilitator.upto.transfer-would-revert",
      "facilitator.sponsoring.upto-transfer-would-revert-to-verify",
      "facilitator.sponsoring.upto-transfer-would-revert-to-settle",
      ...ofPermits("simulation-refused-to-settle"),
    ],
    build: withSteps((_, reached) => ({
      simulate: async () => {
        reached();
        return undefined;
      },
    })),
  },
];

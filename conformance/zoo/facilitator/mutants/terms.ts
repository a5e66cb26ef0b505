import {
  type Asked,
  askedIn,
  type FacilitatorMutant,
  sayingYes,
  signatureIn,
  telling,
  withSteps,
} from "../mutant.ts";

/** Facilitators that misread what was demanded, or refuse what is honest and said in another form. */
export const termsMutants: readonly FacilitatorMutant[] = [
  {
    id: "goes-by-what-was-accepted",
    breaks:
      "Holds the payment against what the buyer says to have accepted, and not against the requirements.",
    caughtBy: [
      "facilitator.settle.accepted-less-and-paid-it",
      "facilitator.verify.accepted-less-and-paid-it",
    ],
    build: sayingYes(
      ({ accepted, requirements, authorization }) =>
        accepted.amount !== requirements.amount && accepted.amount === authorization.value,
    ),
  },
  {
    id: "knows-one-token-only",
    breaks: "Takes every payment for one in its usual token, whatever token is demanded.",
    caughtBy: [
      "facilitator.settle.demanded-in-another-token",
      "facilitator.verify.demanded-in-another-token",
    ],
    build: (reached) => {
      let usual: unknown;
      return sayingYes(({ requirements }, honest) => {
        usual ??= requirements.asset;
        const reason = honest.invalidReason ?? honest.errorReason;
        return requirements.asset !== usual && reason === "invalid_exact_evm_payload_signature";
      })(reached);
    },
  },
  {
    id: "compares-amounts-as-doubles",
    breaks: "Compares amounts as JavaScript's numbers.",
    caughtBy: ["facilitator.settle.underpaid-by-one-in-many", "facilitator.verify.underpaid-by-one-in-many"],
    build: withSteps(({ checks }, reached) => ({
      checks: {
        ...checks,
        payment: checks.payment.map((check) =>
          check.name === "amount"
            ? {
                ...check,
                check: (payment) => {
                  const complaint = check.check(payment);
                  const { authorization, requirements } = payment;
                  if (Number(authorization.value) !== Number(requirements.amount)) return complaint;
                  if (complaint !== undefined) reached();
                  return undefined;
                },
              }
            : check,
        ),
      },
    })),
  },
  {
    id: "takes-any-v1-scheme",
    breaks: "Takes whatever scheme a v1 payment and its requirements agree on.",
    caughtBy: ["facilitator.v1.unsupported-scheme"],
    build: sayingYes(
      ({ version }, honest) =>
        version === 1 && [honest.invalidReason, honest.errorReason].includes("unsupported_scheme"),
    ),
  },
  {
    id: "takes-any-v1-network",
    breaks: "Takes whatever network a v1 payment and its requirements agree on.",
    caughtBy: ["facilitator.v1.unsupported-network"],
    build: sayingYes(({ version, requirements }) => version === 1 && requirements.network === "polygon"),
  },
  {
    id: "names-v1-networks-as-v2-does",
    breaks: "Names the settled network in CAIP-2 to callers who speak v1.",
    caughtBy: ["facilitator.v1.network-by-its-name"],
    build: telling("settle", (honest) =>
      String(honest.network).includes(":") ? undefined : { ...honest, network: "eip155:84532" },
    ),
  },
  refusing("needs-a-resource", "Refuses payments that name no resource.", {
    caughtBy: ["facilitator.api.resource-left-out"],
    isRefused: ({ version, resource }) => version === 2 && resource === undefined,
  }),
  refusing("needs-checksums", "Refuses addresses that are not in mixed case.", {
    caughtBy: ["facilitator.settlement.addresses-in-lower-case"],
    isRefused: ({ authorization: { from } }) => from === from.toLowerCase(),
  }),
  refusing("takes-zero-for-nothing", "Refuses an authorization without validAfter, and takes 0 for none.", {
    caughtBy: ["facilitator.settlement.valid-since-ever"],
    isRefused: ({ authorization: { validAfter } }) => Number(validAfter) === 0,
  }),
  {
    id: "verifies-signatures-that-it-cannot-settle",
    breaks:
      "Verifies signatures that end with 0 or 1 as if they ended with 27 or 28, and settles none of them.",
    caughtBy: ["facilitator.settlement.other-signature-forms"],
    build: telling("verify", (honest, { request }) =>
      /0[01]$/.test(signatureIn(request) ?? "") && honest.isValid === false ? { isValid: true } : undefined,
    ),
  },
  {
    id: "names-the-payee-as-payer",
    breaks: "Says that the payee has paid.",
    caughtBy: ["facilitator.api.payer-is-the-payer", "facilitator.v1.names-the-payer"],
    build: telling("settle", (honest, { request }) => {
      const asked = askedIn(request);
      return asked && { ...honest, payer: asked.requirements.payTo };
    }),
  },
];

/** The reference, which settles some of what is honest not. */
function refusing(
  id: string,
  breaks: string,
  { caughtBy, isRefused }: Pick<FacilitatorMutant, "caughtBy"> & { isRefused: (asked: Asked) => boolean },
): FacilitatorMutant {
  return {
    id,
    breaks,
    caughtBy,
    build: telling("verify", (honest, { request }) => {
      const asked = askedIn(request);
      if (asked === undefined || !isRefused(asked) || honest.isValid !== true) return undefined;
      return { isValid: false, invalidReason: "invalid_payload" };
    }),
  };
}

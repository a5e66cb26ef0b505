import { type Address, isErc6492Signature, parseErc6492Signature } from "viem";
import { derivePayer } from "#sandbox";
import {
  type FacilitatorMutant,
  type HonestAnswer,
  json,
  type Reworded,
  telling,
  withSteps,
} from "../mutant.ts";

/** Facilitators that tell more than a verdict, or send more than a settlement. */
export const secrecyMutants: readonly FacilitatorMutant[] = [
  ...(["verify", "settle"] as const).map(
    (endpoint): FacilitatorMutant => ({
      id: `tells-how-${endpoint}-found-out`,
      breaks: `Gives the stack trace of the revert as what /${endpoint} has to say.`,
      caughtBy: [
        `facilitator.malformed.refusals-of-${endpoint}-tell-nothing`,
        ...(endpoint === "settle" ? ["facilitator.chain.revert-tells-nothing-of-internals"] : []),
      ],
      build: telling(endpoint, (honest) =>
        [honest.invalidReason, honest.errorReason].includes("invalid_transaction_state")
          ? {
              ...honest,
              [endpoint === "verify" ? "invalidMessage" : "errorMessage"]: new Error("It reverted.").stack,
            }
          : undefined,
      ),
    }),
  ),
  {
    id: "tells-its-node-in-a-header",
    breaks: "Names its node in a header of every refusal.",
    caughtBy: [
      "facilitator.chain.outage-tells-nothing-of-internals",
      "facilitator.malformed.internals-stay-inside",
      "facilitator.malformed.refusals-of-verify-tell-nothing",
    ],
    build: tellingItsNode("verify", (honest, node) =>
      honest.isValid === true
        ? undefined
        : { ...json(200, honest), headers: { "x-upstream": encodeURI(node) } },
    ),
  },
  {
    id: "tells-its-node-while-it-waits",
    breaks: "Says at which node it looked for a receipt that did not come.",
    caughtBy: ["facilitator.chain.waiting-tells-nothing-of-internals"],
    build: tellingItsNode("settle", (honest, node) =>
      honest.errorReason === "settlement_pending"
        ? { ...honest, errorMessage: `no receipt yet: ${node}` }
        : undefined,
    ),
  },
  {
    id: "tells-its-key",
    breaks: "Gives its configuration, with its key, to whoever asks for something that it cannot read.",
    caughtBy: ["facilitator.malformed.internals-stay-inside"],
    build: telling("verify", (honest) =>
      honest.invalidReason === "invalid_payload"
        ? { ...honest, debug: derivePayer("settlement account", "mutant tells-its-key").privateKey }
        : undefined,
    ),
  },
  {
    id: "deploys-whatever-it-is-told",
    breaks: "Sends what a signature names as the deployment of its account (ERC-6492), whoever signed.",
    caughtBy: [
      "facilitator.smart-account.undeployed-calls-nobody-to-settle",
      "facilitator.smart-account.undeployed-calls-nobody-to-verify",
    ],
    build: deploying(() => true),
  },
  {
    id: "deploys-what-a-known-factory-is-told",
    breaks: "Sends what a signature names for the deterministic deployer (ERC-6492), whoever signed.",
    caughtBy: [
      "facilitator.smart-account.undeployed-calls-nobody-to-settle",
      "facilitator.smart-account.undeployed-calls-nobody-to-verify",
    ],
    build: deploying((factory) => factory.toLowerCase() === "0x4e59b44847b379578588920ca78fbf26c0b4956c"),
  },
];

/** The reference, which sends what a signature names for the factories that it knows, before it looks at anything. */
function deploying(isKnown: (factory: Address) => boolean): FacilitatorMutant["build"] {
  return withSteps(({ check }, reached) => ({
    check: async (payment, desk, checks) => {
      if (isErc6492Signature(payment.signature)) {
        const { address, data } = parseErc6492Signature(payment.signature);
        if (address !== undefined && isKnown(address) && data !== undefined && data !== "0x") {
          reached();
          await desk.account.send({ to: address, data }, () => {});
        }
      }
      return check(payment, desk, checks);
    },
  }));
}

/** The reference with other words, which may have its node's address. */
function tellingItsNode(
  endpoint: "verify" | "settle",
  reword: (honest: HonestAnswer, node: string) => Reworded,
): FacilitatorMutant["build"] {
  return (reached) => {
    let node = "";
    const { steps } = withSteps(({ check }) => ({
      check: async (payment, desk, checks) => {
        // The error of whatever a node refuses has its address.
        node ||= await desk.chain.sendRawTransaction({ serializedTransaction: "0x" }).catch(String);
        return check(payment, desk, checks);
      },
    }))(reached);
    const { intercept } = telling(endpoint, (honest) => reword(honest, node))(reached);
    return { ...(steps && { steps }), ...(intercept && { intercept }) };
  };
}

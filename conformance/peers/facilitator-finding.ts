import type { PeerFinding } from "./finding.ts";

type Place = Pick<PeerFinding, "caseId" | "requirement">;

/* Places in the source of the official facilitator. */
export const evm = "@x402/evm dist/esm/exact/facilitator/index.mjs";
export const evmUpto = "@x402/evm dist/esm/upto/facilitator/index.mjs";
export const evmCodes = "@x402/evm dist/esm/chunk-VEDHRFNU.mjs";
export const evmV1 = "@x402/evm dist/esm/chunk-7YJDSZOF.mjs";
export const evmSignatures = "@x402/evm dist/esm/chunk-BEMCJZKA.mjs";
export const core = "@x402/core dist/esm/facilitator/index.mjs";

/** Something malformed is thrown about, which the package's example turns into 500. */
export function throwing(name: string, requirement: string, what: string, place: string): PeerFinding {
  return {
    caseId: `facilitator.${name}`,
    requirement,
    status: "fail",
    does: `Throws on ${what} instead of answering with a code.`,
    evidence: [`status 500 with the error's message; ${place}`],
    judged: "deviation",
  };
}

export function accepting(caseId: string, evidence: string, place = `${evm}:89-220`): PeerFinding {
  return {
    caseId,
    requirement: "F-V-12",
    status: "warn",
    does: "Takes a payment whose accepted amount, payTo or asset is another than the requirements'.",
    evidence: [
      evidence,
      `${place} compares scheme and network of \`accepted\`; the authorization itself pays what is required`,
    ],
    judged: "stricter reading",
  };
}

export function blamingThePayment(name: string, node: string, code: string): PeerFinding {
  return {
    caseId: `facilitator.${name}`,
    requirement: "F-S-10",
    status: "warn",
    does: "Says that the signature is wrong when it could not ask its node.",
    evidence: [
      `the node: ${node} → ${code} for an honest payment`,
      `${evmSignatures}:58-64: when eth_getCode fails, the signature counts as invalid`,
    ],
    judged: "deviation",
  };
}

/** Refused, as it must be, with a code that x402 v2 §9 does not have. */
export function otherCode(place: string, code: string, evidence: string): PeerFinding {
  return {
    ...placeOf(place),
    status: "warn",
    does: `Refuses with ${code} instead of the specification's code.`,
    evidence: [evidence],
    judged: "deviation",
  };
}

function placeOf(text: string): Place {
  const [caseId = "", requirement = ""] = text.split(" ");
  return { caseId, requirement };
}

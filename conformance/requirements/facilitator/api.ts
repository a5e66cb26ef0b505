import { rules } from "../requirement.ts";

/** Rules for facilitators: what its HTTP API answers. */
export const apiRules = rules("facilitator", "x402@2", [
  [
    "F-API-01",
    "MUST",
    "POST /verify accepts {x402Version,paymentPayload,paymentRequirements} and returns isValid boolean.",
    "V2 §7.1, §5.4",
  ],
  [
    "F-API-02",
    "MUST",
    "POST /settle takes the same body; reply has success, transaction, network on success AND on failure.",
    "V2 §7.2, §5.3.2",
  ],
  [
    "F-API-03",
    "MUST",
    "GET /supported has kinds, extensions, signers; each kind has x402Version, scheme, network.",
    "V2 §7.3.1",
  ],
  [
    "F-API-04",
    "MUST*",
    "signers maps CAIP-2 patterns to the addresses that actually send settlement transactions.",
    "V2 §7.3.1",
  ],
  ["F-API-05", "MUST*", "Every advertised kind is really verifiable and settleable.", "V2 §7.3"],
  [
    "F-API-06",
    "MUST*",
    "invalidReason is set when isValid is false; errorReason when success is false.",
    "V2 §5.3.2, §5.4.2 (Optional in the tables; every failure example gives it)",
  ],
  ["F-API-07", "MUST*", "invalidReason/errorReason is absent on success.", "V2 §5.3.2, §5.4.2"],
  ["F-API-08", "MUST", 'transaction is "" when nothing was broadcast.', "V2 §5.3.2"],
  ["F-API-09", "MUST", "network in the reply is CAIP-2 and is the settled network.", "V2 §5.3.2"],
  [
    "F-API-10",
    "MUST*",
    "Malformed JSON body, missing paymentPayload or paymentRequirements ⇒ 4xx or isValid:false, not 500.",
    "V2 §9 invalid_payload; #3015",
  ],
  [
    "F-API-11",
    "MUST*",
    "payload {} / missing signature / missing payload / non-numeric value ⇒ isValid:false invalid_payload, not an exception.",
    "V2 §9 invalid_payload",
  ],
  ["F-API-12", "MUST*", "Missing accepted ⇒ isValid:false invalid_payload.", "V2 §5.2.2"],
  ["F-API-13", "MUST*", "Malformed requirements (amount '0.5') ⇒ invalid_payment_requirements.", "V2 §9"],
  ["F-API-14", "MUST*", "Unsupported x402Version ⇒ invalid_x402_version.", "V2 §9"],
  ["F-API-15", "MUST*", "Unknown scheme ⇒ unsupported_scheme / invalid_scheme.", "V2 §9"],
  ["F-API-16", "MUST*", "Unsupported network ⇒ invalid_network.", "V2 §9"],
  ["F-API-17", "REF", "HTTP 200 for business-level refusals.", "unspecified"],
  ["F-API-18", "MUST*", "/verify never broadcasts and has no spending side effect.", "V2 §7.1"],
  [
    "F-API-19",
    "MUST*",
    "/settle works without a previous /verify call.",
    "V2 §7.2 (stateless request); ambiguous 'executes a verified payment'",
  ],
  [
    "F-API-20",
    "MAY",
    "EXTENSION-RESPONSES header, base64 JSON keyed by extension, status one of success, processing, rejected.",
    "BAZ Verify and Settlement Response Header",
  ],
  ["F-API-21", "SEC", "Replies do not include RPC URLs, keys, stack traces.", "unspecified; #3171"],
]);

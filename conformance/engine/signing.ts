import type { Address, Hex, LocalAccount } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { keyAccount } from "#sandbox";
import {
  type Authorization,
  type AuthorizationDomain,
  authorizationTypes,
} from "../oracles/authorization.ts";
import type { JsonObject } from "../oracles/wire/index.ts";
import type { Purse } from "./purse.ts";

/** How long before now an honest authorization begins, in seconds: clocks may differ. */
export const authorizationLead = 600n;

/**
 * One thing to do differently when an authorization is signed. What is changed before signing is signed as changed,
 * so that only the rule under test can refuse the payment.
 */
export interface SigningChange {
  /** Another authorization, signed as it is. */
  readonly authorization?: (authorization: Authorization) => Authorization;
  /** Another EIP-712 domain to sign under. */
  readonly domain?: (domain: AuthorizationDomain) => AuthorizationDomain;
  /** The key that signs for the payer, where that is a smart account. */
  readonly signedBy?: LocalAccount;
  /** Somebody else signs in the payer's name. */
  readonly signedByStranger?: boolean;
  /** Somebody pays who never held any of the asset. */
  readonly byUnfundedPayer?: boolean;
  /** Another signature. */
  readonly signature?: (signature: Hex) => Hex;
}

/** What was signed, and how. */
export interface Signed {
  /** Whose payment it is, whatever the authorization says. */
  readonly payer: Address;
  readonly authorization: Authorization;
  /** The domain that it is signed under. */
  readonly domain: AuthorizationDomain;
  readonly signature: Hex;
}

/**
 * Signs an authorization as a payer does, honest but for the change.
 *
 * @throws Unproven when the run's budget is used up
 */
export async function signChanged(
  purse: Purse,
  funded: LocalAccount,
  honest: {
    readonly authorization: Omit<Authorization, "from" | "nonce">;
    readonly domain: AuthorizationDomain;
  },
  change: SigningChange,
): Promise<Signed> {
  const payer = change.byUnfundedPayer ? stranger() : funded;
  const authorization = (change.authorization ?? same)({
    ...honest.authorization,
    from: payer.address,
    nonce: freshNonce(),
  });
  purse.take(authorization.value);
  const domain = (change.domain ?? same)(honest.domain);
  const signer = change.signedByStranger ? stranger() : (change.signedBy ?? payer);
  const signature = (change.signature ?? same)(
    await signer.signTypedData({
      domain,
      types: authorizationTypes,
      primaryType: "TransferWithAuthorization",
      message: { ...authorization },
    }),
  );
  return { payer: payer.address, authorization, domain, signature };
}

/** The payload of scheme exact: the signature, and the authorization with its numbers as decimal strings. */
export function exactPayload({ authorization, signature }: Signed): JsonObject {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  return {
    signature,
    authorization: {
      from,
      to,
      value: String(value),
      validAfter: String(validAfter),
      validBefore: String(validBefore),
      nonce,
    },
  };
}

/** What a change that is not given does. */
export function same<T>(value: T): T {
  return value;
}

function stranger(): LocalAccount {
  return keyAccount(generatePrivateKey());
}

/** 32 random bytes: an authorization that nobody has seen. */
function freshNonce(): Hex {
  return `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`;
}

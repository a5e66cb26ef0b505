import fc from "fast-check";
import {
  concat,
  encodeAbiParameters,
  type Hex,
  hashTypedData,
  keccak256,
  recoverTypedDataAddress,
  stringToHex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import {
  type Authorization,
  authorizationHash,
  authorizationTypedData,
  parseExactEvmPayload,
  type TokenDomain,
  tokenDomain,
} from "../index.ts";
import { address, authorization, hexBytes } from "../testing/arbitrary.ts";

const domain = fc.record({
  name: fc.string({ minLength: 1 }),
  version: fc.string({ minLength: 1 }),
  chainId: fc.integer({ min: 1 }),
  verifyingContract: hexBytes(20),
});

const hash = (text: string) => keccak256(stringToHex(text));

/** EIP-712 by hand, from the text of EIP-3009 and nothing of the code under test. */
function hashByHand(domain: TokenDomain, signed: Authorization): Hex {
  const domainSeparator = keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "bytes32" },
        { type: "bytes32" },
        { type: "uint256" },
        { type: "address" },
      ],
      [
        hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        hash(domain.name),
        hash(domain.version),
        BigInt(domain.chainId),
        domain.verifyingContract,
      ],
    ),
  );
  const lower = (value: Hex): Hex => `0x${value.slice(2).toLowerCase()}`;
  const struct = keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "address" },
        { type: "address" },
        { type: "uint256" },
        { type: "uint256" },
        { type: "uint256" },
        { type: "bytes32" },
      ],
      [
        hash(
          "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)",
        ),
        lower(signed.from),
        lower(signed.to),
        BigInt(signed.value),
        BigInt(signed.validAfter),
        BigInt(signed.validBefore),
        signed.nonce,
      ],
    ),
  );
  return keccak256(concat(["0x1901", domainSeparator, struct]));
}

describe("authorizationTypedData", () => {
  it("hashes as EIP-712 and EIP-3009 say", () => {
    fc.assert(
      fc.property(domain, authorization, (token, signed) => {
        const typedData = authorizationTypedData(token, signed);
        expect(hashTypedData(typedData)).toBe(hashByHand(token, signed));
        expect(authorizationHash(typedData)).toBe(hashByHand(token, signed));
      }),
    );
  });

  it("has the type hash that EIP-3009 tokens publish", () => {
    expect(
      hash(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)",
      ),
    ).toBe("0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267");
  });

  it("does not depend on the spelling of an address", () => {
    fc.assert(
      fc.property(domain, authorization, (token, signed) => {
        const shouting: Authorization = {
          ...signed,
          from: `0x${signed.from.slice(2).toUpperCase()}`,
          to: `0x${signed.to.slice(2).toLowerCase()}`,
        };
        expect(hashTypedData(authorizationTypedData(token, shouting))).toBe(
          hashTypedData(authorizationTypedData(token, signed)),
        );
      }),
    );
  });

  it("what a key signs recovers to that key", async () => {
    await fc.assert(
      fc.asyncProperty(domain, authorization, hexBytes(31), async (token, signed, key) => {
        const account = privateKeyToAccount(`0x01${key.slice(2)}`);
        const typedData = authorizationTypedData(token, signed);
        const signature = await account.signTypedData(typedData);
        expect(await recoverTypedDataAddress({ ...typedData, signature })).toBe(account.address);
      }),
      { numRuns: 10 },
    );
  });
});

describe("tokenDomain", () => {
  it("takes name and version from extra, the chain from the network, the asset as contract", () => {
    fc.assert(
      fc.property(domain, address, ({ name, version, chainId }, asset) => {
        const found = tokenDomain({
          network: `eip155:${chainId}`,
          asset,
          extra: { name, version, other: 1 },
        });
        expect(found).toMatchObject({ ok: true, value: { name, version, chainId } });
        expect(found.ok && found.value.verifyingContract.toLowerCase()).toBe(asset.toLowerCase());
      }),
    );
  });

  it("anything is understood or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.anything(), (network, asset, extra) => {
        expect(tokenDomain({ network, asset, extra }).ok).toBe(false);
      }),
    );
  });
});

describe("parseExactEvmPayload", () => {
  it("reads what was signed, as it was spelled", () => {
    fc.assert(
      fc.property(authorization, hexBytes(65), (signed, signature) => {
        const payload = { authorization: signed, signature };
        expect(parseExactEvmPayload(payload)).toEqual({ ok: true, value: payload });
      }),
    );
  });

  it("one field that is anything else is refused as invalid_payload and named", () => {
    const field = fc.constantFrom(
      ...(["from", "to", "value", "validAfter", "validBefore", "nonce"] as const),
    );
    const wrong = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant("0x"),
      fc.constant("1.5"),
      fc.constant(""),
    );
    fc.assert(
      fc.property(authorization, hexBytes(65), field, wrong, (signed, signature, name, value) => {
        expect(
          parseExactEvmPayload({ authorization: { ...signed, [name]: value }, signature }),
        ).toMatchObject({
          ok: false,
          error: { code: "invalid_payload", path: `authorization.${name}` },
        });
      }),
    );
  });

  it("anything is understood or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        expect(parseExactEvmPayload(payload).ok).toBe(false);
      }),
    );
  });
});

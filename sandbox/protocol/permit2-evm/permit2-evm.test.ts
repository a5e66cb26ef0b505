import { permit2WitnessTypes, uptoPermit2WitnessTypes } from "@x402/evm";
import fc, { type Arbitrary } from "fast-check";
import {
  concat,
  encodeAbiParameters,
  getAddress,
  type Hex,
  hashTypedData,
  keccak256,
  maxUint256,
  parseAbiParameters,
  recoverTypedDataAddress,
  stringToHex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import {
  exactPermit2TypedData,
  exactPermit2Types,
  type Permit2Authorization,
  parseExactPermit2Payload,
  parseUptoPermit2Payload,
  type UptoPermit2Authorization,
  uptoPermit2TypedData,
  uptoPermit2Types,
} from "../index.ts";
import { address, hexBytes } from "../testing/arbitrary.ts";

const decimal: Arbitrary<string> = fc
  .oneof(fc.bigInt(0n, 10_000_000n), fc.bigInt(0n, maxUint256))
  .map(String);

const permit = {
  permitted: fc.record({ token: address, amount: decimal }),
  from: address,
  spender: address,
  nonce: decimal,
  deadline: decimal,
};
const exact = fc.record({ ...permit, witness: fc.record({ to: address, validAfter: decimal }) });
const upto = fc.record({
  ...permit,
  witness: fc.record({ to: address, facilitator: address, validAfter: decimal }),
});
const chainId = fc.integer({ min: 1 });

/** Nothing of this is a number or an address. */
const wrong = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant("0x"),
  fc.constant("1.5"),
  fc.constant("-1"),
  fc.constant((maxUint256 + 1n).toString()),
  fc.constant(""),
);

const hash = (text: string) => keccak256(stringToHex(text));
const lower = (value: Hex): Hex => `0x${value.slice(2).toLowerCase()}`;

function struct(type: string, parameters: string, values: readonly unknown[]): Hex {
  return keccak256(
    encodeAbiParameters(parseAbiParameters(`bytes32, ${parameters}`), [hash(type), ...values]),
  );
}

const tokenPermissions = "TokenPermissions(address token,uint256 amount)";
const exactWitness = "Witness(address to,uint256 validAfter)";
const uptoWitness = "Witness(address to,address facilitator,uint256 validAfter)";

/** EIP-712 by hand, from the text of Permit2 and of x402's proxies and nothing of the code under test. */
function hashByHand(chainId: number, signed: Permit2Authorization): Hex {
  const { permitted, spender, nonce, deadline, witness } = signed;
  const to = lower(witness.to);
  const validAfter = BigInt(witness.validAfter);
  const [witnessType, witnessHash] =
    "facilitator" in witness
      ? [
          uptoWitness,
          struct(uptoWitness, "address, address, uint256", [to, lower(witness.facilitator), validAfter]),
        ]
      : [exactWitness, struct(exactWitness, "address, uint256", [to, validAfter])];
  const permitHash = struct(
    `PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Witness witness)${tokenPermissions}${witnessType}`,
    "bytes32, address, uint256, uint256, bytes32",
    [
      struct(tokenPermissions, "address, uint256", [lower(permitted.token), BigInt(permitted.amount)]),
      lower(spender),
      BigInt(nonce),
      BigInt(deadline),
      witnessHash,
    ],
  );
  const separator = struct(
    "EIP712Domain(string name,uint256 chainId,address verifyingContract)",
    "bytes32, uint256, address",
    [hash("Permit2"), BigInt(chainId), "0x000000000022d473030f116ddee9f6b43ac78ba3"],
  );
  return keccak256(concat(["0x1901", separator, permitHash]));
}

describe("what a payer signs", () => {
  it("hashes as EIP-712, Permit2 and the proxy of exact say", () => {
    fc.assert(
      fc.property(chainId, exact, (chain, signed) => {
        expect(hashTypedData(exactPermit2TypedData(chain, signed))).toBe(hashByHand(chain, signed));
      }),
    );
  });

  it("hashes as EIP-712, Permit2 and the proxy of upto say", () => {
    fc.assert(
      fc.property(chainId, upto, (chain, signed) => {
        expect(hashTypedData(uptoPermit2TypedData(chain, signed))).toBe(hashByHand(chain, signed));
      }),
    );
  });

  it("has the types that the official package signs", () => {
    expect(exactPermit2Types).toEqual(permit2WitnessTypes);
    expect(uptoPermit2Types).toEqual(uptoPermit2WitnessTypes);
  });

  it("does not depend on the spelling of an address, nor on the payer's", () => {
    fc.assert(
      fc.property(chainId, upto, address, (chain, signed, from) => {
        const shout = (value: Hex): Hex => `0x${value.slice(2).toUpperCase()}`;
        const { permitted, spender, witness } = signed;
        const shouting: UptoPermit2Authorization = {
          ...signed,
          from,
          permitted: { ...permitted, token: shout(permitted.token) },
          spender: lower(spender),
          witness: {
            ...witness,
            to: getAddress(witness.to),
            facilitator: shout(witness.facilitator),
          },
        };
        const hashes = (spelled: UptoPermit2Authorization) => [
          hashTypedData(exactPermit2TypedData(chain, spelled)),
          hashTypedData(uptoPermit2TypedData(chain, spelled)),
        ];
        expect(hashes(shouting)).toEqual(hashes(signed));
      }),
    );
  });

  it("what a key signs recovers to that key", async () => {
    await fc.assert(
      fc.asyncProperty(chainId, upto, hexBytes(31), async (chain, signed, key) => {
        const account = privateKeyToAccount(`0x01${key.slice(2)}`);
        const forExact = exactPermit2TypedData(chain, signed);
        const forUpto = uptoPermit2TypedData(chain, signed);
        expect(
          await recoverTypedDataAddress({ ...forExact, signature: await account.signTypedData(forExact) }),
        ).toBe(account.address);
        expect(
          await recoverTypedDataAddress({ ...forUpto, signature: await account.signTypedData(forUpto) }),
        ).toBe(account.address);
      }),
      { numRuns: 10 },
    );
  });
});

describe.each([
  { name: "parseExactPermit2Payload", parse: parseExactPermit2Payload, authorization: exact },
  { name: "parseUptoPermit2Payload", parse: parseUptoPermit2Payload, authorization: upto },
])("$name", ({ parse, authorization }) => {
  it("reads what was signed, as it was spelled", () => {
    fc.assert(
      fc.property(authorization, hexBytes(65), (permit2Authorization, signature) => {
        const payload = { signature, permit2Authorization };
        expect(parse(payload)).toEqual({ ok: true, value: payload });
      }),
    );
  });

  it.each(["from", "spender", "nonce", "deadline", "permitted", "witness"] as const)(
    "a %s that is anything else is refused as invalid_payload and named",
    (field) => {
      fc.assert(
        fc.property(authorization, hexBytes(65), wrong, (signed, signature, value) => {
          const permit2Authorization = { ...signed, [field]: value };
          expect(parse({ signature, permit2Authorization })).toMatchObject({
            ok: false,
            error: { code: "invalid_payload", path: `permit2Authorization.${field}` },
          });
        }),
      );
    },
  );

  it.each([
    { within: "permitted", field: "token" },
    { within: "permitted", field: "amount" },
    { within: "witness", field: "to" },
    { within: "witness", field: "validAfter" },
  ] as const)("so is a $field in $within", ({ within, field }) => {
    fc.assert(
      fc.property(authorization, hexBytes(65), wrong, (signed, signature, value) => {
        const permit2Authorization = { ...signed, [within]: { ...signed[within], [field]: value } };
        expect(parse({ signature, permit2Authorization })).toMatchObject({
          ok: false,
          error: { code: "invalid_payload", path: `permit2Authorization.${within}.${field}` },
        });
      }),
    );
  });

  it("a payload by EIP-3009 is none by Permit2", () => {
    fc.assert(
      fc.property(authorization, hexBytes(65), (signed, signature) => {
        expect(parse({ signature, authorization: signed })).toMatchObject({
          ok: false,
          error: { code: "invalid_payload", path: "permit2Authorization" },
        });
      }),
    );
  });

  it("anything is understood or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        expect(parse(payload).ok).toBe(false);
      }),
    );
  });
});

describe("witness.facilitator", () => {
  it("is no part of what a payer of exact signs", () => {
    fc.assert(
      fc.property(upto, exact, hexBytes(65), ({ witness: { facilitator } }, signed, signature) => {
        const permit2Authorization = { ...signed, witness: { ...signed.witness, facilitator } };
        expect(parseExactPermit2Payload({ signature, permit2Authorization })).toEqual({
          ok: true,
          value: { signature, permit2Authorization: signed },
        });
      }),
    );
  });

  it("is missed where a payer of upto leaves it out, or gives anything else", () => {
    fc.assert(
      fc.property(
        exact,
        hexBytes(65),
        fc.option(wrong, { nil: undefined }),
        (signed, signature, facilitator) => {
          const permit2Authorization = { ...signed, witness: { ...signed.witness, facilitator } };
          expect(parseUptoPermit2Payload({ signature, permit2Authorization })).toMatchObject({
            ok: false,
            error: { code: "invalid_payload", path: "permit2Authorization.witness.facilitator" },
          });
        },
      ),
    );
  });
});

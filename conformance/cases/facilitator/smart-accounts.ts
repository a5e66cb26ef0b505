import {
  type Address,
  concat,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  pad,
  serializeErc6492Signature,
} from "viem";
import {
  accepted,
  type Case,
  defineCase,
  moved,
  nothingBroadcast,
  refused,
  settledOrRefused,
  trying,
} from "../../engine/facilitator/index.ts";

/** The deterministic deployer that most chains have; a counterfactual account would come from one like it. */
const factory = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/** Payers that are contracts. Nobody has to serve them; whoever does must find what their owner did not sign. */
export const smartAccountCases: readonly Case[] = [
  defineCase({
    id: "facilitator.smart-account.settles",
    requirement: "F-V-25",
    title: "A payment of a smart account (ERC-1271) is settled, or refused",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      for (const kind of ["contract", "delegation"] as const) {
        const signedBy = await t.becomeSmartAccount(kind);
        await t.settle({ signedBy }).expect(settledOrRefused).done();
      }
    },
  }),
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.smart-account.forged-to-${endpoint}`,
      requirement: endpoint === "verify" ? "F-V-01" : "F-S-06",
      title: `A payment of a smart account that its owner did not sign is refused by /${endpoint}`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        for (const kind of ["contract", "delegation"] as const) {
          await t.becomeSmartAccount(kind);
          // The key of the address, and nobody's at all: neither is the owner's any more.
          for (const change of [{}, { signedByStranger: true }])
            await t[endpoint](change).expect(refused("signature"), nothingBroadcast, moved(0)).done();
        }
      },
    }),
  ),
  defineCase({
    id: "facilitator.smart-account.undeployed",
    requirement: "F-V-26",
    title: "A signature wrapped as that of an account to be deployed (ERC-6492) is settled, or refused",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) => t.settle({ signature: wrapped }).expect(settledOrRefused),
  }),
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.smart-account.undeployed-forged-to-${endpoint}`,
      requirement: endpoint === "verify" ? "F-V-01" : "F-S-06",
      title: `A forged signature wrapped as that of an account to be deployed (ERC-6492) is refused by /${endpoint}`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        for (const change of [
          { signedByStranger: true, signature: wrapped },
          { signature: () => wrapped("0x") },
        ])
          await t[endpoint](change).expect(refused("signature"), nothingBroadcast, moved(0)).done();
      },
    }),
  ),
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.smart-account.undeployed-calls-nobody-to-${endpoint}`,
      requirement: endpoint === "verify" ? "F-API-18" : "F-S-06",
      title: `What a forged signature (ERC-6492) names as a factory gets no transaction from /${endpoint}`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        for (const call of callsOf(t.payer.address, t.context.sandbox.asset))
          await t[endpoint]({
            signedByStranger: true,
            signature: (signature) => serializeErc6492Signature({ ...call, signature }),
          })
            .expect(trying(`With the factory ${call.address}`, refused(), nothingBroadcast, moved(0)))
            .done();
      },
    }),
  ),
];

/** Calls that harm nobody, and that are found in a transaction because they name the payer. */
function callsOf(
  payer: Address,
  token: Address,
): readonly { readonly address: Address; readonly data: Hex }[] {
  return [
    {
      address: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [payer] }),
    },
    // Some facilitators send what is for a factory that they know, and nothing else.
    { address: factory, data: concat([pad(payer, { size: 32 }), codeOfNothing]) },
  ];
}

/** Creates a contract whose code is one byte, which stops. */
const codeOfNothing = "0x60016000f3";

function wrapped(signature: Hex): Hex {
  return serializeErc6492Signature({ address: factory, data: "0x", signature });
}

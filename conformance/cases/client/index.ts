import type { Case } from "../../engine/client/index.ts";
import { againCases } from "./again.ts";
import { challengeCases } from "./challenge.ts";
import { paymentCases } from "./payment.ts";

/** Every case for clients, in the order in which they are reported. */
export const clientCases: readonly Case[] = [...challengeCases, ...paymentCases, ...againCases];

/** Somebody who has nothing to do with the payment. */
export const stranger = "0x000000000000000000000000000000000000dEaD";

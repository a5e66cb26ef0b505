// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title The part of Permit2 that x402 pays through: transfers that the owner signed, each with a nonce of its own.
interface ISignatureTransfer {
    struct TokenPermissions {
        address token;
        /// @notice The most that may be transferred, in atomic units.
        uint256 amount;
    }

    struct PermitTransferFrom {
        TokenPermissions permitted;
        /// @notice Any number that the owner has not used before; the order does not matter.
        uint256 nonce;
        /// @notice The last second in which it is valid.
        uint256 deadline;
    }

    struct SignatureTransferDetails {
        address to;
        uint256 requestedAmount;
    }

    /// @notice Transfers what the owner permitted the caller, who is the spender that was signed for.
    /// @param witness hash of what else the owner signed
    /// @param witnessTypeString its EIP-712 type, from the name of the member on: `Witness witness)TokenPermissions(…`
    function permitWitnessTransferFrom(
        PermitTransferFrom calldata permit,
        SignatureTransferDetails calldata transferDetails,
        address owner,
        bytes32 witness,
        string calldata witnessTypeString,
        bytes calldata signature
    ) external;

    /// @notice The owner's nonces, 256 in a word: bit `nonce & 255` of word `nonce >> 8` is set once it is used.
    function nonceBitmap(address owner, uint256 wordPosition) external view returns (uint256);

    /// @notice Spends nonces of the caller's own: those whose bit is set in `mask`.
    function invalidateUnorderedNonces(uint256 wordPosition, uint256 mask) external;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Many EIP-3009 transfers of one token in one transaction, none of which can touch another.
/// @notice `transfers` are calls of transferWithAuthorization in its `v, r, s` form. Each gets the same gas, however
/// much the others burn, and what one of them reverts with is its own affair.
/// @dev No state and no constructor: the runtime code works at whatever address it is placed. What a call returns is
/// never copied, so that no token can make its caller pay for it.
contract TransferBatch {
    /// @notice Ends the logs of one transfer: all before it, back to the previous one, were emitted by its token.
    event Tried(address indexed payer, bytes32 indexed nonce, bool success);

    /// @notice What is true of a transfer before any of them is made.
    struct Finding {
        uint256 balance;
        bool nonceUsed;
        /// @notice Who signed the hash; zero where nobody did.
        address signer;
        /// @notice The token can be read, and takes the transfer.
        bool accepted;
    }

    struct Signed {
        address payer;
        bytes32 nonce;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice More than a transfer by a key holder takes.
    uint256 private constant GAS_EACH = 250_000;

    /// @notice Makes the transfers that can be made.
    function settle(address token, bytes[] calldata transfers) external {
        for (uint256 i = 0; i < transfers.length; ++i) {
            Signed memory signed = _signedIn(transfers[i]);
            emit Tried(signed.payer, signed.nonce, _call(token, transfers[i]));
        }
    }

    /// @notice Looks at each transfer by itself: `hashes` are what the payers signed. To be called, not sent.
    function examine(
        address token,
        bytes32[] calldata hashes,
        bytes[] calldata transfers
    ) external returns (uint256 time, Finding[] memory findings) {
        time = block.timestamp;
        findings = new Finding[](transfers.length);
        for (uint256 i = 0; i < transfers.length; ++i) {
            Signed memory signed = _signedIn(transfers[i]);
            (bool hasBalance, uint256 balance) = _read(
                token,
                abi.encodeWithSignature("balanceOf(address)", signed.payer)
            );
            (bool hasState, uint256 nonceUsed) = _read(
                token,
                abi.encodeWithSignature("authorizationState(address,bytes32)", signed.payer, signed.nonce)
            );
            findings[i] = Finding({
                balance: balance,
                nonceUsed: nonceUsed != 0,
                signer: ecrecover(hashes[i], signed.v, signed.r, signed.s),
                accepted: hasBalance && hasState && _isAccepted(token, transfers[i])
            });
        }
    }

    /// @notice Makes a transfer and takes it back; whether it could be made is in the revert data.
    function attempt(address token, bytes calldata transfer) external {
        bool success = _call(token, transfer);
        assembly ("memory-safe") {
            mstore(0, success)
            revert(0, 32)
        }
    }

    function _isAccepted(address token, bytes calldata transfer) private returns (bool) {
        try this.attempt(token, transfer) {
            return false;
        } catch (bytes memory outcome) {
            return outcome.length == 32 && uint256(bytes32(outcome)) == 1;
        }
    }

    function _call(address token, bytes memory data) private returns (bool success) {
        assembly ("memory-safe") {
            success := call(GAS_EACH, token, 0, add(data, 32), mload(data), 0, 0)
        }
    }

    function _read(address token, bytes memory data) private view returns (bool success, uint256 word) {
        assembly ("memory-safe") {
            success := staticcall(GAS_EACH, token, add(data, 32), mload(data), 0, 32)
            success := and(success, gt(returndatasize(), 31))
            if success {
                word := mload(0)
            }
        }
    }

    function _signedIn(bytes calldata transfer) private pure returns (Signed memory signed) {
        (signed.payer, , , , , signed.nonce, signed.v, signed.r, signed.s) = abi.decode(
            transfer[4:],
            (address, address, uint256, uint256, uint256, bytes32, uint8, bytes32, bytes32)
        );
    }
}

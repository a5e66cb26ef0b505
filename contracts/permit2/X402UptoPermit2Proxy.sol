// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ISignatureTransfer} from "./ISignatureTransfer.sol";
import {Permit2Proxy} from "./Permit2Proxy.sol";

/// @title The spender of `upto` payments: transfers any part of what was signed for, by the facilitator signed for.
contract X402UptoPermit2Proxy is Permit2Proxy {
    struct Witness {
        address to;
        /// @notice Who alone may settle.
        address facilitator;
        /// @notice The first second in which it is valid.
        uint256 validAfter;
    }

    error UnauthorizedFacilitator();
    error AmountExceedsPermitted();

    string public constant WITNESS_TYPE_STRING =
        "Witness witness)TokenPermissions(address token,uint256 amount)Witness(address to,address facilitator,uint256 validAfter)";

    bytes32 public constant WITNESS_TYPEHASH =
        keccak256("Witness(address to,address facilitator,uint256 validAfter)");

    /// @notice Pays `witness.to` the amount, which is at most the permitted one.
    function settle(
        ISignatureTransfer.PermitTransferFrom calldata permit,
        uint256 amount,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external nonReentrant {
        _checkCaller(permit, amount, witness);
        _transfer(permit, amount, owner, _termsOf(witness), signature);
        emit Settled();
    }

    /// @notice The same, after the owner's EIP-2612 permit has given Permit2 its allowance.
    function settleWithPermit(
        EIP2612Permit calldata permit2612,
        ISignatureTransfer.PermitTransferFrom calldata permit,
        uint256 amount,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external nonReentrant {
        _checkCaller(permit, amount, witness);
        _allow(permit.permitted, owner, permit2612);
        _transfer(permit, amount, owner, _termsOf(witness), signature);
        emit SettledWithPermit();
    }

    /// @dev Before anything else, so that nobody but the facilitator can spend the owner's EIP-2612 permit here.
    function _checkCaller(
        ISignatureTransfer.PermitTransferFrom calldata permit,
        uint256 amount,
        Witness calldata witness
    ) private view {
        if (amount > permit.permitted.amount) revert AmountExceedsPermitted();
        if (msg.sender != witness.facilitator) revert UnauthorizedFacilitator();
    }

    function _termsOf(Witness calldata witness) private pure returns (Terms memory) {
        bytes32 hash = keccak256(
            abi.encode(WITNESS_TYPEHASH, witness.to, witness.facilitator, witness.validAfter)
        );
        return Terms(witness.to, witness.validAfter, hash, WITNESS_TYPE_STRING);
    }
}

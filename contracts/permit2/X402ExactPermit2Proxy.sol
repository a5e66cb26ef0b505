// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ISignatureTransfer} from "./ISignatureTransfer.sol";
import {Permit2Proxy} from "./Permit2Proxy.sol";

/// @title The spender of `exact` payments by Permit2: transfers what was signed for, all of it.
contract X402ExactPermit2Proxy is Permit2Proxy {
    struct Witness {
        address to;
        /// @notice The first second in which it is valid.
        uint256 validAfter;
    }

    string public constant WITNESS_TYPE_STRING =
        "Witness witness)TokenPermissions(address token,uint256 amount)Witness(address to,uint256 validAfter)";

    bytes32 public constant WITNESS_TYPEHASH = keccak256("Witness(address to,uint256 validAfter)");

    /// @notice Pays `witness.to` the permitted amount.
    function settle(
        ISignatureTransfer.PermitTransferFrom calldata permit,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external nonReentrant {
        _transfer(permit, permit.permitted.amount, owner, _termsOf(witness), signature);
        emit Settled();
    }

    /// @notice The same, after the owner's EIP-2612 permit has given Permit2 its allowance.
    function settleWithPermit(
        EIP2612Permit calldata permit2612,
        ISignatureTransfer.PermitTransferFrom calldata permit,
        address owner,
        Witness calldata witness,
        bytes calldata signature
    ) external nonReentrant {
        _allow(permit.permitted, owner, permit2612);
        _transfer(permit, permit.permitted.amount, owner, _termsOf(witness), signature);
        emit SettledWithPermit();
    }

    function _termsOf(Witness calldata witness) private pure returns (Terms memory) {
        bytes32 hash = keccak256(abi.encode(WITNESS_TYPEHASH, witness.to, witness.validAfter));
        return Terms(witness.to, witness.validAfter, hash, WITNESS_TYPE_STRING);
    }
}

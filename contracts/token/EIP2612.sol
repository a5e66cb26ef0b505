// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {FiatERC20} from "./FiatERC20.sol";
import {TypedSignatures} from "./TypedSignatures.sol";

/// @title EIP-2612: allowances that the owner signs and anybody sends.
abstract contract EIP2612 is FiatERC20, TypedSignatures {
    bytes32 public constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    /// @notice The nonce that the owner's next permit must carry.
    function nonces(address owner) external view returns (uint256) {
        return _permitNonces[owner];
    }

    /// @notice Sets `spender`'s allowance. Valid up to and including `deadline` (Unix seconds).
    /// @dev Like the real token, allowances ignore the blacklist.
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        bytes memory signature
    ) public whenNotPaused {
        require(deadline >= block.timestamp, "FiatTokenV2: permit is expired");
        bytes32 structHash = keccak256(
            abi.encode(PERMIT_TYPEHASH, owner, spender, value, _permitNonces[owner]++, deadline)
        );
        require(_isSignedBy(owner, structHash, signature), "EIP2612: invalid signature");
        _approve(owner, spender, value);
    }

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        permit(owner, spender, value, deadline, abi.encodePacked(r, s, v));
    }
}

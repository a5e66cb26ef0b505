// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MockUSDC} from "../MockUSDC.sol";

/// @title USDC that moves nothing and does not revert.
/// @dev ERC-20 lets `transfer` and `transferFrom` say so by returning false. EIP-3009's functions return nothing: there,
/// only the missing Transfer event and the balances tell.
contract FailingSilentlyUSDC is MockUSDC {
    function transfer(address, uint256) external pure override returns (bool) {
        return false;
    }

    function transferFrom(address, address, uint256) external pure override returns (bool) {
        return false;
    }

    function _transfer(address, address, uint256) internal pure override {}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {EIP2612} from "./token/EIP2612.sol";
import {EIP3009} from "./token/EIP3009.sol";

/// @title A stand-in for USDC (Circle's FiatTokenV2_2, as on Base Sepolia) on a local development chain.
/// @notice Anybody may mint, pause and blacklist. Never deploy it to a chain that others use.
/// @dev It has no constructor and no immutables: the runtime code works at whatever address it is placed.
contract MockUSDC is EIP3009, EIP2612 {
    function name() public pure override returns (string memory) {
        return "USDC";
    }

    function version() public pure override returns (string memory) {
        return "2";
    }

    function symbol() external pure returns (string memory) {
        return "USDC";
    }

    function decimals() external pure returns (uint8) {
        return 6;
    }

    function currency() external pure returns (string memory) {
        return "USD";
    }
}

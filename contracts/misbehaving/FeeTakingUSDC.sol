// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MockUSDC} from "../MockUSDC.sol";

/// @title USDC that keeps one per cent of every transfer, rounded up.
contract FeeTakingUSDC is MockUSDC {
    /// @notice Where the fees go.
    address public constant COLLECTOR = 0x00000000000000000000000000000000000FEE00;

    function _transfer(address from, address to, uint256 value) internal override {
        uint256 fee = (value + 99) / 100;
        super._transfer(from, to, value - fee);
        super._transfer(from, COLLECTOR, fee);
    }
}

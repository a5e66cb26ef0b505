// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MockUSDC} from "../MockUSDC.sol";

/// @title USDC that moves money without a Transfer event.
contract EventlessUSDC is MockUSDC {
    function _announce(address, address, uint256) internal pure override {}
}

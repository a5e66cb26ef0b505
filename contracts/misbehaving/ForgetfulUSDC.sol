// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MockUSDC} from "../MockUSDC.sol";

/// @title USDC that forgets which authorizations were spent: each can be spent again and again.
contract ForgetfulUSDC is MockUSDC {
    function _spend(address authorizer, bytes32 nonce) internal override {
        emit AuthorizationUsed(authorizer, nonce);
    }
}

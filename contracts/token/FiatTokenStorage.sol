// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title The token's state, slot for slot where Circle's FiatTokenV2_2 keeps it.
/// @dev On a forked chain this code is placed over the real token. With the same layout the balances,
/// allowances and used authorizations of the fork stay what they were; with any other layout the mock
/// would read an owner's address as a flag. All state lives here, so that inheritance order cannot move it.
abstract contract FiatTokenStorage {
    uint256 private _slot0Owner;

    address private _slot1Pauser;
    bool internal _paused; // slot 1, behind the pauser

    uint256[7] private _slots2To8;

    /// @dev slot 9: the highest bit says whether the account is blacklisted, the other 255 are its balance.
    mapping(address account => uint256 state) internal _balanceAndBlacklistStates;

    /// @dev slot 10
    mapping(address owner => mapping(address spender => uint256 value)) internal _allowances;

    /// @dev slot 11
    uint256 internal _totalSupply;

    uint256[4] private _slots12To15;

    /// @dev slot 16: true once used or canceled.
    mapping(address authorizer => mapping(bytes32 nonce => bool spent)) internal _authorizationStates;

    /// @dev slot 17
    mapping(address owner => uint256 nonce) internal _permitNonces;
}

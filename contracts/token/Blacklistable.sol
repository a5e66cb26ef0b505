// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {FiatTokenStorage} from "./FiatTokenStorage.sol";

/// @title The list of accounts that may neither send nor receive.
/// @dev On the real token only the blacklister may change it; here anybody may.
abstract contract Blacklistable is FiatTokenStorage {
    uint256 private constant BLACKLISTED = 1 << 255;

    event Blacklisted(address indexed _account);
    event UnBlacklisted(address indexed _account);

    modifier notBlacklisted(address account) {
        require(!isBlacklisted(account), "Blacklistable: account is blacklisted");
        _;
    }

    /// @notice The token itself is always on the list, as it is on the real one: nothing can be paid to it.
    function isBlacklisted(address account) public view returns (bool) {
        return account == address(this) || _balanceAndBlacklistStates[account] & BLACKLISTED != 0;
    }

    function blacklist(address account) external {
        _balanceAndBlacklistStates[account] |= BLACKLISTED;
        emit Blacklisted(account);
    }

    function unBlacklist(address account) external {
        _balanceAndBlacklistStates[account] &= ~BLACKLISTED;
        emit UnBlacklisted(account);
    }
}

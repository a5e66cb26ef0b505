// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Blacklistable} from "./Blacklistable.sol";
import {Pausable} from "./Pausable.sol";

/// @title ERC-20 with the checks and the revert strings of FiatTokenV2_2.
/// @dev Not OpenZeppelin's ERC20: that one reverts with custom errors and spares an unlimited allowance,
/// where the real token reverts with strings and counts every allowance down.
abstract contract FiatERC20 is IERC20, Pausable, Blacklistable {
    uint256 private constant MAX_BALANCE = (1 << 255) - 1;

    event Mint(address indexed minter, address indexed to, uint256 amount);

    function totalSupply() external view returns (uint256) {
        return _totalSupply;
    }

    function balanceOf(address account) public view returns (uint256) {
        return _balanceAndBlacklistStates[account] & MAX_BALANCE;
    }

    function allowance(address owner, address spender) public view returns (uint256) {
        return _allowances[owner][spender];
    }

    function transfer(
        address to,
        uint256 value
    ) external virtual whenNotPaused notBlacklisted(msg.sender) notBlacklisted(to) returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    function transferFrom(
        address from,
        address to,
        uint256 value
    )
        external
        virtual
        whenNotPaused
        notBlacklisted(msg.sender)
        notBlacklisted(from)
        notBlacklisted(to)
        returns (bool)
    {
        uint256 allowed = allowance(from, msg.sender);
        require(value <= allowed, "ERC20: transfer amount exceeds allowance");
        _transfer(from, to, value);
        _allowances[from][msg.sender] = allowed - value;
        return true;
    }

    /// @dev Like the real token, allowances ignore the blacklist.
    function approve(address spender, uint256 value) external whenNotPaused returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function increaseAllowance(address spender, uint256 increment) external whenNotPaused returns (bool) {
        _approve(msg.sender, spender, _add(allowance(msg.sender, spender), increment));
        return true;
    }

    function decreaseAllowance(address spender, uint256 decrement) external whenNotPaused returns (bool) {
        uint256 allowed = allowance(msg.sender, spender);
        require(decrement <= allowed, "ERC20: decreased allowance below zero");
        _approve(msg.sender, spender, allowed - decrement);
        return true;
    }

    /// @notice Creates `amount` atomic units for `to`. On the real token only a minter may; here anybody may.
    function mint(
        address to,
        uint256 amount
    ) external whenNotPaused notBlacklisted(msg.sender) notBlacklisted(to) returns (bool) {
        require(to != address(0), "FiatToken: mint to the zero address");
        require(amount > 0, "FiatToken: mint amount not greater than 0");
        _totalSupply = _add(_totalSupply, amount);
        _credit(to, amount);
        emit Mint(msg.sender, to, amount);
        emit Transfer(address(0), to, amount);
        return true;
    }

    function _transfer(address from, address to, uint256 value) internal virtual {
        require(from != address(0), "ERC20: transfer from the zero address");
        require(to != address(0), "ERC20: transfer to the zero address");
        require(value <= balanceOf(from), "ERC20: transfer amount exceeds balance");
        // Neither side is blacklisted here, so the state is the balance.
        _balanceAndBlacklistStates[from] -= value;
        _credit(to, value);
        _announce(from, to, value);
    }

    function _announce(address from, address to, uint256 value) internal virtual {
        emit Transfer(from, to, value);
    }

    function _approve(address owner, address spender, uint256 value) internal {
        require(owner != address(0), "ERC20: approve from the zero address");
        require(spender != address(0), "ERC20: approve to the zero address");
        _allowances[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    function _credit(address to, uint256 value) private {
        uint256 balance = _add(balanceOf(to), value);
        require(balance <= MAX_BALANCE, "FiatTokenV2_2: Balance exceeds (2^255 - 1)");
        _balanceAndBlacklistStates[to] = balance;
    }

    function _add(uint256 a, uint256 b) private pure returns (uint256 sum) {
        bool fits;
        (fits, sum) = Math.tryAdd(a, b);
        require(fits, "SafeMath: addition overflow");
    }
}

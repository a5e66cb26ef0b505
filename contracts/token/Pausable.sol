// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {FiatTokenStorage} from "./FiatTokenStorage.sol";

/// @title The switch that stops every movement of the token.
/// @dev On the real token only the pauser may throw it; here anybody may.
abstract contract Pausable is FiatTokenStorage {
    event Pause();
    event Unpause();

    modifier whenNotPaused() {
        require(!_paused, "Pausable: paused");
        _;
    }

    function paused() external view returns (bool) {
        return _paused;
    }

    function pause() external {
        _paused = true;
        emit Pause();
    }

    function unpause() external {
        _paused = false;
        emit Unpause();
    }
}

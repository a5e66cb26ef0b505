// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title EIP-712 signatures of this token, by a key (ECDSA) or by a contract (ERC-1271).
/// @dev The domain is computed at every call from address(this) and block.chainid, never stored: the code
/// must keep working when it is placed at another address or on a fork of another chain.
abstract contract TypedSignatures {
    /// @dev name, version, chainId, verifyingContract (ERC-5267 field bits)
    bytes1 private constant DOMAIN_FIELDS = 0x0f;

    function name() public pure virtual returns (string memory);

    function version() public pure virtual returns (string memory);

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return
            MessageHashUtils.toDomainSeparator(
                DOMAIN_FIELDS,
                name(),
                version(),
                block.chainid,
                address(this),
                bytes32(0)
            );
    }

    /// @notice Whether `signature` (65 bytes r, s, v of a key, or whatever the signer's contract takes) is
    /// `signer`'s for this struct. An account with code is asked, any other one's key is recovered.
    /// @dev Reverts as the real token does where a key's signature is malformed or malleable.
    function _isSignedBy(
        address signer,
        bytes32 structHash,
        bytes memory signature
    ) internal view returns (bool) {
        bytes32 digest = MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR(), structHash);
        if (signer.code.length > 0) {
            return SignatureChecker.isValidERC1271SignatureNow(signer, digest, signature);
        }
        return _recover(digest, signature) == signer;
    }

    function _recover(bytes32 digest, bytes memory signature) private pure returns (address) {
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(digest, signature);
        require(
            problem != ECDSA.RecoverError.InvalidSignatureLength,
            "ECRecover: invalid signature length"
        );
        require(problem != ECDSA.RecoverError.InvalidSignatureS, "ECRecover: invalid signature 's' value");
        if (problem == ECDSA.RecoverError.InvalidSignature) {
            bytes1 v = signature[64];
            require(v == 0x1b || v == 0x1c, "ECRecover: invalid signature 'v' value");
            revert("ECRecover: invalid signature");
        }
        return recovered;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ISignatureTransfer} from "./ISignatureTransfer.sol";

/// @title Permit2 as far as x402 uses it: transfers with a signed witness, and their nonces.
/// @dev Behaves as the contract at 0x000000000022D473030F116dDEE9F6B43aC78BA3 does, with its errors, and in its order.
/// The domain is computed at every call, never stored: the code works wherever it is placed, on any fork.
contract MockPermit2 is ISignatureTransfer {
    event UnorderedNonceInvalidation(address indexed owner, uint256 word, uint256 mask);

    error SignatureExpired(uint256 signatureDeadline);
    error InvalidAmount(uint256 maxAmount);
    error InvalidNonce();
    error InvalidSignatureLength();
    error InvalidSignature();
    error InvalidSigner();
    error InvalidContractSignature();

    /// @dev Permit2's domain has no version.
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");

    bytes32 private constant TOKEN_PERMISSIONS_TYPEHASH =
        keccak256("TokenPermissions(address token,uint256 amount)");

    string private constant PERMIT_WITNESS_TYPE =
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,";

    bytes32 private constant LOW_BITS = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff;

    mapping(address owner => mapping(uint256 wordPosition => uint256 word)) public nonceBitmap;

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("Permit2"), block.chainid, address(this)));
    }

    function permitWitnessTransferFrom(
        PermitTransferFrom calldata permit,
        SignatureTransferDetails calldata transferDetails,
        address owner,
        bytes32 witness,
        string calldata witnessTypeString,
        bytes calldata signature
    ) external {
        uint256 amount = transferDetails.requestedAmount;
        if (block.timestamp > permit.deadline) revert SignatureExpired(permit.deadline);
        if (amount > permit.permitted.amount) revert InvalidAmount(permit.permitted.amount);
        _useNonce(owner, permit.nonce);
        bytes32 structHash = _hash(permit, witness, witnessTypeString);
        _checkSignature(
            owner,
            MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR(), structHash),
            signature
        );
        _transfer(permit.permitted.token, owner, transferDetails.to, amount);
    }

    function invalidateUnorderedNonces(uint256 wordPosition, uint256 mask) external {
        nonceBitmap[msg.sender][wordPosition] |= mask;
        emit UnorderedNonceInvalidation(msg.sender, wordPosition, mask);
    }

    function _useNonce(address owner, uint256 nonce) private {
        uint256 bit = 1 << (nonce & 0xff);
        uint256 word = nonceBitmap[owner][nonce >> 8];
        if (word & bit != 0) revert InvalidNonce();
        nonceBitmap[owner][nonce >> 8] = word | bit;
    }

    function _hash(
        PermitTransferFrom calldata permit,
        bytes32 witness,
        string calldata witnessTypeString
    ) private view returns (bytes32) {
        bytes32 typeHash = keccak256(abi.encodePacked(PERMIT_WITNESS_TYPE, witnessTypeString));
        bytes32 permitted = keccak256(
            abi.encode(TOKEN_PERMISSIONS_TYPEHASH, permit.permitted.token, permit.permitted.amount)
        );
        return keccak256(abi.encode(typeHash, permitted, msg.sender, permit.nonce, permit.deadline, witness));
    }

    /// @dev A key signs in 65 bytes (r, s, v) or 64 (ERC-2098), and its high-s twin counts as well; an account with
    /// code is asked.
    function _checkSignature(address signer, bytes32 digest, bytes calldata signature) private view {
        if (signer.code.length > 0) {
            bytes4 answer = IERC1271(signer).isValidSignature(digest, signature);
            if (answer != IERC1271.isValidSignature.selector) revert InvalidContractSignature();
            return;
        }
        address recovered = _recover(digest, signature);
        if (recovered == address(0)) revert InvalidSignature();
        if (recovered != signer) revert InvalidSigner();
    }

    /// @dev Whatever the token says, Permit2 says only this. It asks nobody whether there is a token: where there is none,
    /// the transfer of nothing succeeds.
    function _transfer(address token, address from, address to, uint256 amount) private {
        (bool success, bytes memory answer) = token.call(
            abi.encodeCall(IERC20.transferFrom, (from, to, amount))
        );
        bool agreed = answer.length == 0 || uint256(bytes32(answer)) == 1;
        require(success && agreed, "TRANSFER_FROM_FAILED");
    }

    function _recover(bytes32 digest, bytes calldata signature) private pure returns (address) {
        if (signature.length == 65) {
            (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
            return ecrecover(digest, uint8(signature[64]), r, s);
        }
        if (signature.length != 64) revert InvalidSignatureLength();
        (bytes32 first, bytes32 second) = abi.decode(signature, (bytes32, bytes32));
        return ecrecover(digest, uint8(uint256(second >> 255)) + 27, first, second & LOW_BITS);
    }
}

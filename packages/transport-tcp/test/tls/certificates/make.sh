#!/bin/sh
# Makes the certificates beside this file, for tests on this machine only: keys that everybody knows protect
# nothing. They end in a hundred years; run it again where one is missing. Needs openssl.
set -eu
cd "$(dirname "$0")"

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key.pem"; }

# authority NAME: a certificate that signs others.
authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key.pem" -subj "/CN=$1" -days 36500 -out "$1.pem" \
    -addext 'basicConstraints=critical,CA:TRUE'
}

# signed NAME AUTHORITY DAYS ALTERNATIVES
signed() {
  key "$1"
  openssl req -new -key "$1.key.pem" -subj "/CN=$1" -out "$1.csr" -addext "subjectAltName=$4"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key.pem" -CAcreateserial -days "$3" \
    -copy_extensions copy -out "$1.pem"
  rm "$1.csr"
}

authority authority
authority stranger
signed server authority 36500 'DNS:localhost,IP:127.0.0.1,IP:::1'
signed elsewhere authority 36500 'DNS:elsewhere.example'
signed device authority 36500 'DNS:device-7.example'
signed impostor stranger 36500 'DNS:device-7.example'
rm -f ./*.srl authority.key.pem stranger.key.pem

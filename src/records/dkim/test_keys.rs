//! Keys for tests, as base64; their private halves are thrown away, but for one that is no secret.

/// RSA, 512 bits, SubjectPublicKeyInfo.
pub const RSA_512: &str = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALFqv5wiVUZpT5iP4XKAetvrwheCyD+y1VcmrSPW4jffhe5r6rQOK9U3RXOvMSNHhlnF\
    DzBZcL+bcGKDv9hpbykCAwEAAQ==";

/// RSA, 768 bits, SubjectPublicKeyInfo.
pub const RSA_768: &str = "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAM8cggUqJjfPIlf1ihEpTv2z399iH+geKhOCQOyirQRdY5IiD5i95Wny9HHVpYt205vq\
    UhnGPbbC14TMotkiSYQ8a2e0mLoNKcTh0OYHJv2e0rEQhrPXVg6uJ1xRpHRWeQIDAQAB";

/// RSA, 1024 bits, SubjectPublicKeyInfo.
pub const RSA_1024: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDY7lWzViOmdsCSX6WxCkiom6IM58pDZ2zfZAOTyqWm2mRCcRCD8PF0qSY9MfR/\
    kQVdVeBn2pYwA+RoE71dJNV/JJ15jczcykvG2iQBxa7PWF8E1tmJLRDMrlk8UzYf1qTYIrgSasFub+aiT0KtUfD4G7SAw+ZeRtxF\
    9+c6dAfOZQIDAQAB";

/// RSA, 1536 bits, SubjectPublicKeyInfo.
pub const RSA_1536: &str = "MIHfMA0GCSqGSIb3DQEBAQUAA4HNADCByQKBwQDfplso4ipjQ/sn6u6t+8vvAoovfnyqYJcZ2Bpi+dG8C2Qtq/8yMLp1hj5fRYLd\
    RzEHoA3OxEqz9Jn/wdogz2INbDhPA5Nr0CepgQx/DLLCYOV1k+0jGJg2yv7qbO7pa+2pnDqPBMtUNlf2vTy04EGCUl3wDoD3qeA9\
    DcKQ4U+QvdaeN/Lw6Q3zS2BI60lv6P0Cp1u5t6y0V7Wig3YtkT2pivBWsaflBbrF8aT/XFrwxhpLaTX3p6X5Fck4cd5WDpsCAwEA\
    AQ==";

/// RSA, 2048 bits, SubjectPublicKeyInfo.
pub const RSA_2048: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvxCxgZRGM5q1rkpesV1uK6yD1hI8EhVBz9cUAT1XpBE5yEwlenCunzk3\
    Ie8ET+qeUxYryaa6TvsjvTcqceqHyFx/YJpy44LpU2WfZ+tPEB5AfRVqPATdlVkeE4xMsVvLzJriDkV5WQ9hdu55c91TuegB4K4x\
    WwKxaEAhTy+CSbM7iewC2+gllmvJdzlnRfmJSoO/hmWEghEGTHR8q33CPXON6Rdu01SSTsE8M+aatSvRUHzs8/cLv3iizH2S7SUk\
    EJbyKYOF9h5rsXrcbq0DTrfcYg8cOP/RiL7m4OzaiU2/Lar0Q6l49dvLZuJL4Ljmv0ANpcmBsCfhpXzv54AmDwIDAQAB";

/// RSA, 4096 bits, SubjectPublicKeyInfo.
pub const RSA_4096: &str = "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAux/gqDgl1vFrdeCpyC2TVh3giLjdbXKybgsVNc5HrtCmetizfjD3eCf2\
    iDtz+BieS6ySmgpJvIycdlAcCpSf4AzZAJZF7IJFvGLZ8ahNPstis/ZY9gKOk+jkdGpvjaIWSCBs0sYfxFTQCGUSX6TPlU76Hol4\
    s8IXfnAJsBb8s8FYLerkTI9tn890Is0twnf1fSV/JMjslIB+HIkakU2Obl0QWL+CR5gE8BF4943VzjU6qG7lAL6rhFGpevLi0QeM\
    dKmTuO2N3cnsroP6aQoehFQR3rLOltm8NCOLGsnHRvZvnyNqxZZmdmDMb8bmXu0t/iQ7XEPJETRIyaSDHvvqpvRn6GqxgmvM2qP6\
    POJ7PtprLpdvu4yKMpAAW8lp5X0U6kN7KTiSJqcjLbtuYAL/L/xlSVYrefSCkgXvZLbokEMCNxLcfb/PARWnnlNwBFDJ7W2AEr9P\
    ovecJeyms0vBhWVmoOI5XShtGBN/yxRnEKg7mKvChIvOuv1HACDgfAJoh8yvhgXU+IqvqC/6H/KvpbFyr48a0zlhXlKlQndxS5tH\
    TuJX/a/wWv3EH0JRZVkLVPlV+AH+QDMhZxWCBsbIjaAGuz4PaRo4rPcsuHlesO3hygnrAB0HyqqdYzuRtZ7NegZz4UAdW2obD1tO\
    jM2ISbLMfL2d7wUYSi1OMoON6PcCAwEAAQ==";

/// The same key of 1024 bits, as RSAPublicKey alone.
pub const BARE_1024: &str = "MIGJAoGBANjuVbNWI6Z2wJJfpbEKSKibogznykNnbN9kA5PKpabaZEJxEIPw8XSpJj0x9H+RBV1V4GfaljAD5GgTvV0k1X8knXmN\
    zNzKS8baJAHFrs9YXwTW2YktEMyuWTxTNh/WpNgiuBJqwW5v5qJPQq1R8PgbtIDD5l5G3EX35zp0B85lAgMBAAE=";

/// The same key of 2048 bits, as RSAPublicKey alone.
pub const BARE_2048: &str = "MIIBCgKCAQEAvxCxgZRGM5q1rkpesV1uK6yD1hI8EhVBz9cUAT1XpBE5yEwlenCunzk3Ie8ET+qeUxYryaa6TvsjvTcqceqHyFx/\
    YJpy44LpU2WfZ+tPEB5AfRVqPATdlVkeE4xMsVvLzJriDkV5WQ9hdu55c91TuegB4K4xWwKxaEAhTy+CSbM7iewC2+gllmvJdzln\
    RfmJSoO/hmWEghEGTHR8q33CPXON6Rdu01SSTsE8M+aatSvRUHzs8/cLv3iizH2S7SUkEJbyKYOF9h5rsXrcbq0DTrfcYg8cOP/R\
    iL7m4OzaiU2/Lar0Q6l49dvLZuJL4Ljmv0ANpcmBsCfhpXzv54AmDwIDAQAB";

/// RSA, 512 bits, the private key as RSAPrivateKey.
pub const PRIVATE_512: &str = "MIIBPQIBAAJBALFqv5wiVUZpT5iP4XKAetvrwheCyD+y1VcmrSPW4jffhe5r6rQOK9U3RXOvMSNHhlnFDzBZcL+bcGKDv9hpbykC\
    AwEAAQJBAJQTDj0YAqgzuPUSEQ3p4aCvklzhEJTpg1mrtBIXhNMv3EtJ9A6ld3OniXiOiTmKmoGzhMUYBl9N2cA+A8PVXskCIQDq\
    meBjcp0Eed6tKEI/HGTLOWaNGucEjiORnXqak+teTwIhAMGZk9WLQG6TVfzHbuvnn1g2dbXo8Yf817BGk52A9LUHAiEAvZ5wMpFR\
    /msuo5C1suMVSPl1PTnwXcsxTqIVldlXVZsCIQCvR2OAOCYqtrxoMwvrC3bJ/+yMuQ1MaI/DKfLl6+YhqwIhALnYt1g1ERxbdcQd\
    MpdVlWMV9uQY69yV6ds1awqZ6EfW";

/// The same as PrivateKeyInfo.
pub const PRIVATE_512_PKCS8: &str = "MIIBVwIBADANBgkqhkiG9w0BAQEFAASCAUEwggE9AgEAAkEAsWq/nCJVRmlPmI/hcoB62+vCF4LIP7LVVyatI9biN9+F7mvqtA4r\
    1TdFc68xI0eGWcUPMFlwv5twYoO/2GlvKQIDAQABAkEAlBMOPRgCqDO49RIRDenhoK+SXOEQlOmDWau0EheE0y/cS0n0DqV3c6eJ\
    eI6JOYqagbOExRgGX03ZwD4Dw9VeyQIhAOqZ4GNynQR53q0oQj8cZMs5Zo0a5wSOI5GdepqT615PAiEAwZmT1YtAbpNV/Mdu6+ef\
    WDZ1tejxh/zXsEaTnYD0tQcCIQC9nnAykVH+ay6jkLWy4xVI+XU9OfBdyzFOohWV2VdVmwIhAK9HY4A4Jiq2vGgzC+sLdsn/7Iy5\
    DUxoj8Mp8uXr5iGrAiEAudi3WDURHFt1xB0yl1WVYxX25Bjr3JXp2zVrCpnoR9Y=";

/// Ed25519, 32 octets.
pub const ED25519: &str = "0yCu2y3HyM5a1cWKOeBb2YWU1GpsbbY4I4mQnQm/768=";

/// The same key as SubjectPublicKeyInfo.
pub const ED25519_WRAPPED: &str = "MCowBQYDK2VwAyEA0yCu2y3HyM5a1cWKOeBb2YWU1GpsbbY4I4mQnQm/768=";
